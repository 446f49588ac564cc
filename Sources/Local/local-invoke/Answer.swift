import Foundation
import JSON
import Platform
import RuntimeEmulator

/// The function's response or error, and the resulting exit status.
struct Answer {
  let payload: [UInt8]
  private let document: JSONValue?
  private let isError: Bool
  private let event: [UInt8]

  /// - Parameter event: the event of the invocation; without it, every failure of an SQS batch counts as partial.
  init(_ outcome: InvocationOutcome, to event: [UInt8] = []) {
    payload = outcome.payload
    document = try? JSONValue(parsing: payload)
    isError = outcome.errorType != nil
    self.event = event
  }

  /// 1 for an invocation error, a proxy response with a status of 400 or above, or a batch in which
  /// every message or task failed; otherwise 0.
  ///
  /// If only a part of a batch failed, the service that sent it handles the rest: SQS delivers the
  /// messages again, S3 Batch Operations reports the tasks.
  var exitStatus: Int32 {
    if isError || everyItemFailed { return 1 }
    return (document?["statusCode"]?.int64Value ?? 200) >= 400 ? 1 : 0
  }

  private var everyItemFailed: Bool {
    if let failures = document?["batchItemFailures"]?.arrayValue {
      guard !failures.isEmpty, let records = try? JSONValue(parsing: event)["Records"]?.arrayValue
      else { return false }
      return Set(failures.map { $0["itemIdentifier"]?.stringValue }).count >= records.count
    }
    guard document?["invocationSchemaVersion"] != nil,
      let results = document?["results"]?.arrayValue, !results.isEmpty
    else { return false }
    return results.allSatisfy { $0["resultCode"]?.stringValue != "Succeeded" }
  }

  /// Whether the answer is that to an SQS event.
  var isQueueResponse: Bool { document?["batchItemFailures"] != nil }

  var errorMessage: String? {
    isError ? document?["errorMessage"]?.stringValue : nil
  }

  /// Type and message of an invocation error, or the status and error of an HTTP response, in one line; nil for a
  /// success.
  var failure: String? {
    if let httpError { return httpError }
    guard isError else { return nil }
    let words = ["errorType", "errorMessage"].compactMap { document?[$0]?.stringValue }
    return VisibleText.escaped(words.joined(separator: ": "))
  }

  /// How the service that sent the event handles the response, one line per item.
  var notes: [String] {
    if let failures = document?["batchItemFailures"]?.arrayValue {
      return failures.compactMap { $0["itemIdentifier"]?.stringValue }
        .map { "Message \(VisibleText.escaped($0)) returns to its queue." }
    }
    guard document?["invocationSchemaVersion"] != nil else { return [] }
    return (document?["results"]?.arrayValue ?? []).map { result in
      let field = { (name: String) in VisibleText.escaped(result[name]?.stringValue ?? "") }
      return "Task \(field("taskId")): \(field("resultCode")): \(field("resultString"))"
    }
  }

  private var httpError: String? {
    guard let status = document?["statusCode"]?.int64Value, status >= 400 else { return nil }
    let body = document.flatMap(ProxyBody.decode).flatMap { try? JSONValue(parsing: $0) }
    let error = body?["error"]
    let words = ["type", "message"].compactMap { error?[$0]?.stringValue }
    return VisibleText.escaped("\(status) \(words.joined(separator: ": "))")
  }
}

/// The body of a proxy response as received by an HTTP client.
enum ProxyBody {
  /// Nil when there is no body, or it does not match the response's headers.
  static func decode(_ response: JSONValue) -> [UInt8]? {
    guard let text = response["body"]?.stringValue else { return nil }
    var body = Array(text.utf8)
    if response["isBase64Encoded"]?.boolValue == true {
      guard let data = Data(base64Encoded: text) else { return nil }
      body = Array(data)
    }
    let encoding = response["headers"]?.objectValue?.members.first {
      $0.key.lowercased() == "content-encoding"
    }
    return encoding?.value.stringValue?.lowercased() == "gzip" ? Gunzip.decompress(body) : body
  }
}
