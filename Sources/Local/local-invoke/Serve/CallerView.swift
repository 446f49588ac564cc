import Foundation
import JSON
import LambdaEvents

/// The kind of an event, by its shape.
enum EventKind {
  case notification(title: String)
  case queue(messageIDs: [String])
  case batch
  case http
  case direct
  case unknown

  init(_ event: [UInt8]) {
    let value = try? JSONValue(parsing: event)
    switch try? LambdaEvent.decode(event, defaultBucket: "bucket") {
    case .s3:
      let isTopic = value?["Records"]?[0]?["EventSource"] != nil
      let isBus = value?["detail-type"] != nil
      self = .notification(title: isTopic ? "SNS" : isBus ? "EventBridge" : "S3")
    case .s3Test: self = .notification(title: "S3 test event")
    case .inferences: self = .notification(title: "SageMaker")
    case .sqs:
      self = .queue(
        messageIDs: (value?["Records"]?.arrayValue ?? []).compactMap {
          $0["messageId"]?.stringValue
        })
    case .s3Batch: self = .batch
    case .http: self = .http
    case .console: self = .direct
    case nil: self = .unknown
    }
  }

  /// The name for a person.
  var title: String {
    switch self {
    case .notification(let title): title
    case .queue: "SQS"
    case .batch: "S3 Batch Operations"
    case .http: "HTTP"
    case .direct: "direct"
    case .unknown: "unknown event"
    }
  }
}

/// What the service that sent the event, and the person behind it, get from an invocation.
///
/// Sources: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html,
/// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html,
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-invoke-lambda.html
struct CallerView {
  private let caller: String
  private let lines: [String]
  private var response: FunctionURLResponse?

  init(_ record: InvocationRecord) {
    let outcome = record.invocation.outcome
    let answer = Answer(outcome)
    let failed = outcome.errorType != nil
    switch EventKind(record.event) {
    case .notification(let title):
      caller = title
      lines = [
        failed
          ? "The invocation failed. Lambda retries the event after one and two minutes, then sends it to the failure queue."
          : "The invocation is asynchronous: the sender does not see the answer, only an on-success destination does."
      ]
    case .queue(let identifiers):
      caller = "SQS"
      lines = Self.queueLines(identifiers, answer, failed: failed)
    case .batch:
      caller = "S3 Batch Operations"
      lines = failed ? ["The invocation failed, and with it all its tasks."] : answer.notes
    case .http:
      caller = "the HTTP client"
      let response = FunctionURLResponse(outcome)
      self.response = response
      lines = ["The client receives the status \(response.status)."]
    case .direct, .unknown:
      caller = "the caller of Invoke"
      lines = [
        failed
          ? "The response has the header X-Amz-Function-Error: Unhandled, and the error as its payload."
          : "The response has the answer as its payload."
      ]
    }
  }

  private static func queueLines(
    _ identifiers: [String], _ answer: Answer, failed: Bool
  ) -> [String] {
    if failed {
      let messages = identifiers.count == 1 ? "The message returns" : "All messages return"
      return ["The invocation failed. \(messages) to the queue after the visibility timeout."]
    }
    let deleted = identifiers.count - answer.notes.count
    return answer.notes + ["Deleted from the queue: \(deleted) of \(identifiers.count)."]
  }

  var json: JSONValue {
    var object: JSONObject = [
      "name": .string(caller), "lines": .array(lines.map { .string($0) }),
    ]
    if let response {
      object.set("status", to: .init(response.status))
      object.set(
        "headers",
        to: .array(response.headers.map { ["name": .string($0.0), "value": .string($0.1)] }))
      object.set("body", to: .string(Self.bodyText(response)))
    }
    return .object(object)
  }

  private static func bodyText(_ response: FunctionURLResponse) -> String {
    let isCompressed = response.headers.contains {
      $0.0.lowercased() == "content-encoding" && $0.1.lowercased() == "gzip"
    }
    let bytes = isCompressed ? Gunzip.decompress(response.body) ?? response.body : response.body
    return StoredResults.text(of: bytes)
  }
}

/// The parts of a batch that failed although the invocation succeeded.
enum FailedItems {
  /// Messages that return to their queue, or tasks without the result `Succeeded`.
  static func isAny(in payload: [UInt8]) -> Bool {
    guard let answer = try? JSONValue(parsing: payload) else { return false }
    if answer["batchItemFailures"]?.arrayValue?.isEmpty == false { return true }
    guard answer["invocationSchemaVersion"] != nil else { return false }
    return (answer["results"]?.arrayValue ?? []).contains { $0["resultCode"] != "Succeeded" }
  }
}
