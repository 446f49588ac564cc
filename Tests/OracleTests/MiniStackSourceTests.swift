import Foundation
import JSON
import LoopbackServer
import TestSupport
import Testing

/// Every path from MiniStack's S3 (with signatures and IAM) to the real bootstrap as MiniStack's
/// function: S3 itself, SQS and its poller, SNS, SNS in SQS, EventBridge, and EventBridge in SQS,
/// including FIFO. boto3 reads the stored results. The endpoint is a scripted server.
@Suite(.enabled(if: Oracle.miniStackLambda.isExpected, Oracle.miniStackLambda.absence))
struct MiniStackSourceTests {
  private static let sources = [
    "s3", "sqs", "sns", "sns-sqs", "eventbridge", "eventbridge-sqs", "eventbridge-fifo",
  ]

  private static let shared = Result { try run() }

  private static func run() throws -> JSONValue {
    let logits = (0..<133).map { "\(Double($0) - 66.5)" }.joined(separator: ",")
    let endpoint = try ScriptedServer([
      .init(200, [("Content-Type", "application/json")], body: "[[\(logits)]]")
    ])
    defer { endpoint.stop() }
    return try PythonScript.run(
      Oracle.boto3.required(), "ministack_sources.py", "sources",
      description: [
        "url": .string(try Oracle.miniStackLambda.required()),
        "sageMakerURL": .string(endpoint.baseURL),
        "bootstrap": .string(Repository.products.appendingPathComponent("bootstrap").path),
      ])
  }

  private let results: JSONValue

  init() throws { results = try Self.shared.get() }

  @Test(arguments: sources)
  func anUploadIsClassifiedAndItsResultKept(source: String) throws {
    let stored = try results.member("stored").member(source)
    #expect(try stored.text("contentType") == "application/json")
    let document = try stored.member("document")
    #expect(try document.text("endpoint") == "dog-breeds")
    #expect(try document.text("requestId").count == 36)
    #expect(try document.text("class") == "133.Yorkshire_terrier")
    #expect(document["probabilities"]?.arrayValue?.count == 133)
    #expect(try document.member("source").text("bucket") == "from-\(source)")
    #expect(try document.member("source").text("key") == results.text("key"))
    #expect(try document.member("source").text("sequencer").count > 8)
  }

  /// Failures end up where the template sends them: an S3 event in the failure destination after
  /// its retries, a message in its queue and from there in the dead-letter queue.
  @Test(arguments: [
    ("s3", "destination"), ("sqs", "dead letters"), ("sns-sqs", "dead letters"),
    ("eventbridge-sqs", "dead letters"), ("eventbridge-fifo", "dead letters.fifo"),
    ("sns", "log"), ("eventbridge", "log"),
  ])
  func anImageThatFailsIsHandedOn(source: String, place: String) throws {
    let failed = try results.member("failed").member(source)
    #expect(try failed.text("place") == place)
    #expect(try failed.text("body").contains("from-\(source)"))
    if place == "destination" || place == "log" {
      let said =
        "s3://from-\(source)/dogs/empty.jpg: the object has 0 bytes [a retry will not help]"
      #expect(try failed.text("body").contains(said))
    }
  }

  @Test func messagesThatAreDoneAreDeletedFromTheirQueues() throws {
    #expect(results["left"]?.int64Value == 0)
  }

  @Test func conditionalWritesAreHonoured() throws {
    #expect(
      try results.member("conditions") == [
        "absent": 200, "present": 412, "unchanged": 200, "changed": 412,
      ])
  }

  @Test(arguments: [
    ("same", true), ("older", false), ("newer", true), ("then the first", false),
  ])
  func onlyAnEventThatIsNotOlderWritesItsResult(delivery: String, isWritten: Bool) throws {
    let outcome = try results.member("deliveries").member(delivery)
    #expect(try outcome.text("error") == "")
    #expect(outcome["written"]?.boolValue == isWritten)
    #expect(try (outcome.text("stored") == outcome.text("sent")) == isWritten)
  }
}
