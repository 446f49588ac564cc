import Foundation
import JSON
import Platform
import RuntimeEmulator

/// The function's response or error, and the resulting exit status.
struct Answer {
  let payload: [UInt8]
  private let document: JSONValue?
  private let isError: Bool

  init(_ outcome: InvocationOutcome) {
    payload = outcome.payload
    document = try? JSONValue(parsing: payload)
    isError = outcome.errorType != nil
  }

  /// 1 for an invocation error or a proxy response with a status of 400 or above; otherwise 0.
  ///
  /// Messages that return to their queue, and failed tasks of S3 Batch Operations, are not a
  /// failure of the invocation: the service handles them.
  var exitStatus: Int32 {
    if isError { return 1 }
    return (document?["statusCode"]?.int64Value ?? 200) >= 400 ? 1 : 0
  }

  var errorMessage: String? {
    isError ? document?["errorMessage"]?.stringValue : nil
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
