import Foundation
import HTTPClient
import JSON
import Platform
import TestSupport
import Testing

/// InvokeEndpointAsync with an InputLocation, and the reply that moto keeps in its own S3, read from
/// the location that it returned.
///
/// This moto does not check signatures: in IAM mode it refuses a request without a body, also that
/// of botocore. MotoTests judges signature and permission with the input in the request.
///
/// Limits of moto: it answers 200 instead of 202, accepts any endpoint, ignores the body, the output
/// paths, and the extension, and publishes nothing; the notification here is scripted.
@Suite(.enabled(if: Oracle.moto.isExpected, Oracle.moto.absence))
struct MotoAsynchronousTests {
  private let description: JSONValue

  init() throws { description = try Oracle.moto.description() }

  private func function() throws -> OracleFunction {
    let url = try description.text("openURL")
    return try OracleFunction(
      credentials: description.member("users").member("asynchronous").credentials(), s3URL: url,
      sageMakerURL: url,
      environment: [
        "ENDPOINT_KIND": "asynchronous", "ASYNC_OUTPUT_PATH": "s3://replies/output",
        "ASYNC_FAILURE_PATH": "s3://replies/failures", "IMAGE_BUCKET": "photos",
      ])
  }

  private var upload: JSONValue { s3Event(bucket: "photos", encodedKeys: "dog.jpg") }

  @Test func uploadIsSubmittedAndItsReplyReadFromTheReturnedLocation() throws {
    let function = try function()
    let logits = (0..<133).map { $0 == 70 ? 9.5 : -1.5 }
    try queue("[\(logits)]")
    let outcome = function.invoke(upload)
    let answer = try JSONValue(parsing: outcome.payload)
    #expect(answer["statusCode"] == 202, "\(answer)\n\(function.log)")
    let accepted = try #require(
      try JSONValue(parsing: answer.text("body"))["results"]?[0])
    let location = try accepted.text("outputLocation")
    #expect(location.hasPrefix("s3://sagemaker-output-"))

    let message: JSONValue = [
      "invocationStatus": "Completed", "eventSource": "aws:sagemaker", "eventVersion": "1.0",
      "eventName": "InferenceResult", "inferenceId": .string(try accepted.text("inferenceId")),
      "requestParameters": [
        "endpointName": "dog-breeds", "inputLocation": "s3://photos/dog.jpg",
      ],
      "responseParameters": [
        "contentType": "application/json", "outputLocation": .string(location),
      ],
    ]
    let text = String(decoding: message.serialized(), as: UTF8.self)
    let body = try function.classify(
      ["Records": [["EventSource": "aws:sns", "Sns": ["Message": .string(text)]]]])
    #expect(body["results"]?[0]?["class"] == "071.German_shepherd_dog")
    #expect(body["results"]?[0]?["source"]?["key"] == "dog.jpg")
    #expect(body["results"]?[0]?["probabilities"]?.arrayValue?.count == 133)
  }

  /// Queues moto's next reply.
  private func queue(_ reply: String) throws {
    let client = try HTTPClient(trust: TrustStore(environment: .process), proxy: .direct)
    let response = try client.send(
      HTTPRequest(
        method: "POST",
        url: description.text("openURL") + "/moto-api/static/sagemaker/async-endpoint-results",
        headers: [HTTPHeader("Content-Type", "application/json")],
        body: (["region": "us-east-1", "results": [["data": .string(reply)]]] as JSONValue)
          .serialized(),
        timeoutMilliseconds: 60_000, maximumBodyBytes: 1 << 20))
    try #require(response.status == 201)
  }
}
