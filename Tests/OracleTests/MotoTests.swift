import Foundation
import HTTPClient
import JSON
import Platform
import SigV4
import TestSupport
import Testing

/// InvokeEndpoint and InvokeEndpointAsync against moto in IAM mode, which recalculates every signature with botocore
/// and evaluates the user's policies. The image comes from rclone's S3, which also verifies signatures.
///
/// moto queues results per region, so each test uses its own region. Limits of moto: it does not
/// report a missing endpoint, and it accepts only UTF-8 bodies (see the last test).
@Suite(.enabled(if: Oracle.moto.isExpected, Oracle.moto.absence))
struct MotoTests {
  private let description: JSONValue

  init() throws { description = try Oracle.moto.description() }

  @Test func userWithPermissionGets133ProbabilitiesOfLogits() throws {
    let function = try function("allowed", region: "us-east-1")
    let logits = (0..<133).map { 4 * sin(Double($0)) }
    try queue(["[\(logits)]"], region: "us-east-1")
    let body = try function.classify(image)

    let classes = try classes(of: body)
    #expect(classes.count == 133)
    expectProbabilities(classes)
    // Index = number - 1 associates each label with its logit.
    let sum = logits.reduce(0) { $0 + exp($1) }
    #expect(Set(classes.map(\.number)) == Set(1...133))
    for (number, _, probability) in classes {
      #expect(abs(probability - exp(logits[number - 1]) / sum) < 1e-12)
    }
    #expect(body["variant"]?.stringValue == "AllTraffic")
    #expect(body["results"]?[0]?["source"]?["key"]?.stringValue == "dog.pbm")
  }

  @Test func mostProbableClassComesFirstUnderItsName() throws {
    let function = try function("allowed", region: "us-west-2")
    var logits = [Double](repeating: -0.5, count: 133)
    logits[70] = 7.25
    logits[5] = 3
    try queue(["\(logits)"], region: "us-west-2")
    let body = try function.classify(image)
    let labels = try classes(of: body).prefix(2).map(\.label)
    #expect(labels == ["071.German_shepherd_dog", "006.American_eskimo_dog"])
    #expect(body["results"]?[0]?["class"]?.stringValue == "071.German_shepherd_dog")
  }

  @Test func probabilitiesPassThroughUnchanged() throws {
    let function = try function("allowed", region: "eu-west-1")
    var values = [Double](repeating: 0.5 / 132, count: 133)
    values[12] = 0.5
    try queue(["[\(values)]"], region: "eu-west-1")
    let classes = try classes(of: try function.classify(image))
    expectProbabilities(classes)
    #expect(classes[0].number == 13)
    #expect(abs(classes[0].probability - 0.5) < 1e-12)
  }

  @Test func eachRecordOfAnEventGetsAnAnswerOfItsOwn() throws {
    let function = try function("allowed", region: "eu-central-1")
    let first = [Double](repeating: -0.5, count: 132) + [9.25]
    let second = [9.25] + [Double](repeating: -0.5, count: 132)
    // The order of the two images is undefined; both must have been requested.
    try queue(["[\(first)]", "[\(second)]"], region: "eu-central-1")
    let body = try function.classify(
      s3Event(bucket: "photos", encodedKeys: "dog.pbm", "dog+two.pbm"))
    let results = try #require(body["results"]?.arrayValue)
    #expect(results.compactMap { $0["source"]?["key"]?.stringValue } == ["dog.pbm", "dog two.pbm"])
    #expect(
      Set(results.compactMap { $0["class"]?.stringValue })
        == ["001.Affenpinscher", "133.Yorkshire_terrier"])
  }

  @Test func sessionOfAnAssumedRoleIsAccepted() throws {
    let function = try function("role", region: "ap-southeast-2")
    try queue(["[\([Double](repeating: -0.5, count: 133))]"], region: "ap-southeast-2")
    expectProbabilities(try classes(of: try function.classify(image)))
  }

  @Test func signedCustomAttributesAreAccepted() throws {
    let function = try function(
      "allowed", region: "ca-central-1",
      environment: ["CUSTOM_ATTRIBUTES": "trace=a  b, \"c\"", "ENDPOINT_VARIANT": "AllTraffic"])
    try queue(["[\([Double](repeating: -0.5, count: 133))]"], region: "ca-central-1")
    expectProbabilities(try classes(of: try function.classify(image)))
  }

  @Test func replyThatIsNotJSONFailsTheInvocation() throws {
    let function = try function("allowed", region: "sa-east-1")
    try queue(["<html>sorry</html>"], region: "sa-east-1")
    let error = try function.failure(image)
    #expect(error.type == "EndpointReply.NotJSON")
    #expect(error.message.contains("photos/dog.pbm"))
  }

  @Test func wrongSecretGivesSignatureDoesNotMatch() throws {
    let error = try function("wrongSecret", region: "us-east-2").failure(image)
    #expect(error.type == "SageMaker.SignatureDoesNotMatch")
    #expect(error.message.contains("SignatureDoesNotMatch"))
    #expect(error.message.contains("InvokeEndpoint dog-breeds"))
    #expect(error.message.contains("403"))
    let secret = try description.member("users").member("wrongSecret").text("secretAccessKey")
    #expect(!error.message.contains(secret))
  }

  @Test func missingPermissionGivesAccessDeniedWithTheAction() throws {
    let error = try function("notAllowed", region: "us-east-2").failure(image)
    #expect(error.type == "SageMaker.AccessDenied")
    #expect(error.message.contains("AccessDenied"))
    #expect(error.message.contains("sagemaker:InvokeEndpoint"))
  }

  @Test func unknownAccessKeyGivesInvalidClientTokenID() throws {
    let error = try function("unknown", region: "us-east-2").failure(image)
    #expect(error.type == "SageMaker.InvalidClientTokenId")
    #expect(error.message.contains("InvalidClientTokenId"))
  }

  /// moto fails on a body that is not UTF-8 before it checks the signature, and returns HTML
  /// instead of JSON.
  @Test func pageOfHTMLWithStatus500FailsTheInvocationWithItsFirstWords() throws {
    let function = try function("allowed", region: "us-east-2")
    let error = try function.failure(s3Event(bucket: "photos", encodedKeys: "dog.jpg"))
    #expect(error.type == "SageMaker.InternalFailure")
    #expect(error.message.contains("500"))
    #expect(error.message.contains("The server encountered an internal error"))
    #expect(!error.message.contains("<"))
    #expect(error.message.contains("photos/dog.jpg"))
  }

  /// The input is in the request; MotoAsynchronousTests has one in S3. moto answers 200 instead of
  /// 202.
  @Test func submissionToAnAsynchronousEndpointIsAccepted() throws {
    let function = try function(
      "asynchronous", region: "us-east-2", environment: ["ENDPOINT_KIND": "asynchronous"])
    let answer = try JSONValue(parsing: function.invoke(imageInARequest).payload)
    #expect(answer["statusCode"] == 202, "\(answer)\n\(function.log)")
    let result = try JSONValue(parsing: try answer.text("body"))["results"]?[0]
    #expect(result?["outputLocation"]?.stringValue?.hasSuffix("/response.json") == true)
    #expect(result?["inferenceId"]?.stringValue?.hasPrefix("r") == true)
  }

  @Test func permissionForInvokeEndpointDoesNotSufficeForASubmission() throws {
    let function = try function(
      "allowed", region: "us-east-2", environment: ["ENDPOINT_KIND": "asynchronous"])
    let answer = try JSONValue(parsing: function.invoke(imageInARequest).payload)
    #expect((answer["statusCode"]?.int64Value ?? 200) >= 400, "\(answer)")
    #expect(
      waitUntil { function.log.contains("sagemaker:InvokeEndpointAsync") }, "\(function.log)")
  }

  // MARK: Helpers

  private var image: JSONValue { s3Event(bucket: "photos", encodedKeys: "dog.pbm") }

  private var imageInARequest: JSONValue {
    [
      "version": "2.0", "rawPath": "/", "isBase64Encoded": true,
      "requestContext": ["http": ["method": "POST", "path": "/"], "requestId": "r"],
      "headers": ["content-type": "application/x-image"],
      "body": .string(Data("P1\n2 2\n01\n10\n".utf8).base64EncodedString()),
    ]
  }

  private func function(
    _ user: String, region: String, environment: [String: String] = [:]
  ) throws -> OracleFunction {
    try OracleFunction(
      credentials: description.member("users").member(user).credentials(),
      s3URL: description.text("objectsURL"), sageMakerURL: description.text("sageMakerURL"),
      region: region, environment: environment)
  }

  /// Queues moto's responses for a region.
  private func queue(_ bodies: [String], region: String) throws {
    let results = bodies.map {
      [
        "Body": .string($0), "ContentType": "application/json",
        "InvokedProductionVariant": "AllTraffic", "CustomAttributes": "model=1",
      ] as JSONValue
    }
    let client = try HTTPClient(trust: TrustStore(environment: .process), proxy: .direct)
    let response = try client.send(
      HTTPRequest(
        method: "POST",
        url: description.text("sageMakerURL") + "/moto-api/static/sagemaker/endpoint-results",
        headers: [HTTPHeader("Content-Type", "application/json")],
        body: (["region": .string(region), "results": .array(results)] as JSONValue).serialized(),
        timeoutMilliseconds: 60_000, maximumBodyBytes: 1 << 20))
    try #require(response.status == 201)
  }

  private func classes(
    of body: JSONValue
  ) throws -> [(number: Int, label: String, probability: Double)] {
    let list = try #require(body["results"]?[0]?["probabilities"]?.arrayValue)
    return try list.map { element in
      let label = try element.text("class")
      return (
        try #require(Int(label.prefix(3))), label, try #require(element["probability"]?.doubleValue)
      )
    }
  }

  private func expectProbabilities(
    _ classes: [(number: Int, label: String, probability: Double)],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let values = classes.map(\.probability)
    #expect(abs(values.reduce(0, +) - 1) < 1e-9, sourceLocation: sourceLocation)
    #expect(values.allSatisfy { (0...1).contains($0) }, sourceLocation: sourceLocation)
    #expect(values == values.sorted(by: >), sourceLocation: sourceLocation)
  }
}
