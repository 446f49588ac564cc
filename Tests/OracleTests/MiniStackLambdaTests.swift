import Foundation
import JSON
import LoopbackServer
import SigV4
import TestSupport
import Testing

/// The real bootstrap in a third-party Lambda: MiniStack unpacks the zip, has its own Runtime API,
/// provides the role's session, and invokes the function when an object is uploaded to its S3. The
/// endpoint is a scripted server, which does not have the session's secret and checks only the
/// request.
@Suite(.enabled(if: Oracle.miniStackLambda.isExpected, Oracle.miniStackLambda.absence))
struct MiniStackLambdaTests {
  private struct Run {
    let results: JSONValue
    let requests: [ReceivedHTTPRequest]
  }

  private static let shared = Result { try run() }

  private static func run() throws -> Run {
    let logits = (0..<133).map { "\(Double($0) - 66.5)" }.joined(separator: ",")
    let endpoint = try ScriptedServer([
      .init(200, [("Content-Type", "application/json")], body: "[[\(logits)]]")
    ])
    let results = try PythonScript.run(
      Oracle.boto3.required(), "ministack_lambda.py", "lambda",
      description: [
        "url": .string(try Oracle.miniStackLambda.required()),
        "sageMakerURL": .string(endpoint.baseURL),
        "bootstrap": .string(Repository.products.appendingPathComponent("bootstrap").path),
      ])
    return Run(results: results, requests: endpoint.requests)
  }

  private let results: JSONValue
  private let requests: [ReceivedHTTPRequest]

  init() throws {
    let run = try Self.shared.get()
    results = run.results
    requests = run.requests
  }

  @Test func uploadAndInvocationSendTheObjectToTheEndpoint() throws {
    let expected = try results.text("sha256")
    // One for the upload, one for the invocation; the other two functions get no image.
    #expect(requests.map { SHA256.hexDigest($0.body) } == [expected, expected])
    #expect(requests.allSatisfy { $0.target == "/endpoints/dog-breeds/invocations" })
  }

  @Test func endpointIsCalledWithTheSessionOfTheFunctionsRole() throws {
    for request in requests {
      let authorization = try #require(request.header("Authorization"))
      #expect(authorization.hasPrefix("AWS4-HMAC-SHA256 Credential=ASIA"))
      #expect(authorization.contains("/us-east-1/sagemaker/aws4_request"))
      #expect(authorization.contains("x-amz-security-token"))
      #expect(request.header("X-Amz-Security-Token") != nil)
    }
  }

  @Test func invocationReturnsTheProbabilities() throws {
    let result = try results.member("classify")
    #expect(result["functionError"]?.stringValue == "", "\(result)")
    let answer = try JSONValue(parsing: result.text("payload"))
    #expect(answer["statusCode"]?.int64Value == 200)
    let body = try JSONValue(parsing: answer.text("body"))
    #expect(body["results"]?[0]?["class"]?.stringValue == "133.Yorkshire_terrier")
    #expect(try body["results"]?[0]?["source"]?["key"]?.stringValue == results.text("key"))
    #expect(body["results"]?[0]?["probabilities"]?.arrayValue?.count == 133)
  }

  @Test func roleWithoutPermissionFailsTheInvocationWithAccessDenied() throws {
    let result = try results.member("classify-forbidden")
    #expect(result["functionError"]?.stringValue == "Unhandled", "\(result)")
    let error = try JSONValue(parsing: result.text("payload"))
    #expect(error["errorType"]?.stringValue == "S3.AccessDenied")
    #expect(try error.text("errorMessage").contains("s3://uploads/\(results.text("key"))"))
  }

  @Test func missingEndpointNameIsReportedAsTheReason() throws {
    let result = try results.member("classify-unconfigured")
    #expect(result["functionError"]?.stringValue == "Unhandled", "\(result)")
    #expect(try result.text("payload").contains("ENDPOINT_NAME"))
  }
}
