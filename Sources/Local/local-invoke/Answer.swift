import Foundation
import JSON
import Platform
import RuntimeEmulator

/// The function's answer, or the error in its place, and what it means for the exit status.
struct Answer {
  let payload: [UInt8]
  private let document: JSONValue?
  private let isError: Bool

  init(_ outcome: InvocationOutcome) {
    payload = outcome.payload
    document = try? JSONValue(parsing: payload)
    isError = outcome.errorType != nil
  }

  /// 1 for an invocation error and for a proxy response of 400 or more; else 0.
  ///
  /// Messages that return to their queue, and failed tasks of S3 Batch Operations, are no failure of
  /// the invocation: the service reads them and goes on.
  var exitStatus: Int32 {
    if isError { return 1 }
    return (document?["statusCode"]?.int64Value ?? 200) >= 400 ? 1 : 0
  }

  /// The message of an invocation error.
  var errorMessage: String? {
    isError ? document?["errorMessage"]?.stringValue : nil
  }

  /// What the service behind the event makes of the answer, a line each.
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
}

/// The body of a proxy response as an HTTP client would see it.
enum ProxyBody {
  /// Nil when there is none, or it is not what the response says of it.
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
