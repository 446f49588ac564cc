import Foundation
import JSON
import TestSupport
import Testing

/// The real bootstrap as MiniStack's function behind its S3, SNS, and SQS, with an asynchronous
/// endpoint: upload, 202, notification, result document; failure, failure queue, redrive, result
/// document. MiniStack has no SageMaker: the endpoint is scripted, and publishes the messages.
@Suite(.enabled(if: Oracle.miniStackLambda.isExpected, Oracle.miniStackLambda.absence))
struct MiniStackAsynchronousTests {
  private static let shared = Result { try run() }

  private static func run() throws -> JSONValue {
    try PythonScript.run(
      Oracle.boto3.required(), "ministack_asynchronous.py", "asynchronous",
      description: [
        "url": .string(try Oracle.miniStackLambda.required()),
        "bootstrap": .string(Repository.products.appendingPathComponent("bootstrap").path),
        "inferencectl": .string(Repository.products.appendingPathComponent("inferencectl").path),
      ])
  }

  private let results: JSONValue

  init() throws { results = try Self.shared.get() }

  private func key(_ name: String) throws -> String { try results.member("keys").text(name) }

  private func requests(_ name: String) throws -> [JSONValue] {
    let key = try key(name)
    return (results["requests"]?.arrayValue ?? []).filter { $0["key"]?.stringValue == key }
  }

  @Test(arguments: [
    ("included", "002.Afghan_hound"), ("fetched", "002.Afghan_hound"),
    ("by S3", "002.Afghan_hound"), ("by queue", "002.Afghan_hound"),
  ])
  func anUploadIsSubmittedAndItsResultKept(name: String, label: String) throws {
    let document = try results.member("documents").member(key(name))
    #expect(try document.text("endpoint") == "dog-breeds")
    #expect(try document.text("class") == label)
    #expect(document["probabilities"]?.arrayValue?.count == 133)
    let source = try document.member("source")
    #expect(try source.text("bucket") == "asynchronous-photos")
    #expect(try source.text("key") == key(name))
    #expect(try source.text("sequencer").count > 8)
    #expect(try requests(name).count == 1)
  }

  @Test func noImagePassesThroughTheFunction() throws {
    let requests = try #require(results["requests"]?.arrayValue)
    #expect(requests.count == 10)
    for request in requests {
      #expect(try request.text("target") == "/endpoints/dog-breeds/async-invocations")
      #expect(request["bodyBytes"] == 0)
      let headers = try request.member("headers")
      #expect(
        try headers.text("x-amzn-sagemaker-inputlocation")
          == "s3://asynchronous-photos/\(request.text("key"))")
      #expect(try headers.text("x-amzn-sagemaker-content-type") == "image/jpeg")
      #expect(try headers.text("x-amzn-sagemaker-inference-id").utf8.count <= 64)
      #expect(try headers.text("x-amzn-sagemaker-s3outputpathextension").utf8.count <= 512)
      let authorization = try headers.text("authorization")
      #expect(authorization.hasPrefix("AWS4-HMAC-SHA256 Credential=ASIA"))
      for name in ["inputlocation", "inference-id", "s3outputpathextension", "content-type"] {
        #expect(authorization.contains("x-amzn-sagemaker-\(name)"))
      }
    }
  }

  /// Both versions were accepted; the notification of the newer one came first.
  @Test func theNewerVersionsResultStaysWhenTheOlderOnesComesLater() throws {
    #expect(try requests("reversed").count == 2)
    #expect(try results.member("late").text("functionError") == "")
    let document = try results.member("documents").member(key("reversed"))
    #expect(try document.text("class") == "003.Airedale_terrier")
  }

  @Test(arguments: [("fails", "destination"), ("fails by queue", "other")])
  func aFailedInferenceReachesTheFailureQueue(name: String, sender: String) throws {
    let location = try "s3://asynchronous-photos/\(key(name))"
    let failed = try results.member("failed").member(location)
    #expect(try failed.text("sender") == sender)
    if sender == "destination" {
      #expect(try failed.text("errorType") == "Endpoint.AsyncFailed")
      let message = try failed.text("errorMessage")
      #expect(message.contains("Received server error (500) from model"), "\(message)")
      #expect(message.contains(location), "\(message)")
    }
    #expect(results["withoutResult"]?.arrayValue?.contains(.string(try key(name))) == true)
  }

  /// Lambda repeats an asynchronous invocation that fails, and the queue its message.
  @Test(arguments: ["fails", "fails by queue"])
  func aFailedNotificationByItselfSubmitsNothing(name: String) throws {
    #expect(try results.member("submittedBeforeRedrive").member(key(name)) == 1)
  }

  @Test(arguments: ["fails", "fails by queue"])
  func aRedriveSubmitsTheObjectAgainAndItsResultIsKept(name: String) throws {
    let steps = try #require(try results.member("redriven")["events"]?.arrayValue)
    #expect(steps.count == 2)
    #expect(steps.allSatisfy { $0["result"] == "redriven" }, "\(steps)")
    #expect(results["left"] == 0)
    #expect(try requests(name).count == 2)
    let document = try results.member("documents").member(key(name))
    #expect(try document.text("class") == "003.Airedale_terrier")
    #expect(try document.member("source").text("key") == key(name))
  }

  @Test func theTestNotificationIsAccepted() throws {
    let answer = try results.member("testNotification")
    #expect(try answer.text("functionError") == "")
    let payload = try JSONValue(parsing: answer.text("payload"))
    #expect(payload["statusCode"] == 200)
  }
}
