import AWSControl
import JSON

/// Whether a synchronous invocation succeeded.
enum FunctionAnswer {
  /// Why it did not; nil when it did. A response can report a failure too: an HTTP status of 400 or
  /// more, or failed items of a batch.
  static func problem(_ answer: Invoke.Output) -> String? {
    let json = try? JSONValue(parsing: answer.payload)
    if let error = answer.functionError {
      let words = [json?["errorType"]?.stringValue, json?["errorMessage"]?.stringValue]
        .compactMap { $0 }.joined(separator: ": ")
      return "the function failed (\(error))" + (words.isEmpty ? "" : ": \(words)")
    }
    guard answer.status == 200 else { return "Lambda responded with \(answer.status), not 200" }
    if let status = json?["statusCode"]?.int64Value, status >= 400 {
      return "the function returned status \(status)"
    }
    if let failures = json?["batchItemFailures"]?.arrayValue, !failures.isEmpty {
      return "the function failed on \(failures.count) items of the event"
    }
    return nil
  }
}
