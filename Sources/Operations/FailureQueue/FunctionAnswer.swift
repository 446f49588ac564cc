import AWSControl
import JSON

/// Whether a function that was waited for has done its work.
enum FunctionAnswer {
  /// Why not; nil when it has. An answer may also say it: with a status of 400 and above as HTTP has it, or
  /// with failed items as SQS wants it.
  static func problem(_ answer: Invoke.Output) -> String? {
    let json = try? JSONValue(parsing: answer.payload)
    if let error = answer.functionError {
      let words = [json?["errorType"]?.stringValue, json?["errorMessage"]?.stringValue]
        .compactMap { $0 }.joined(separator: ": ")
      return "the function failed (\(error))" + (words.isEmpty ? "" : ": \(words)")
    }
    guard answer.status == 200 else { return "Lambda answered \(answer.status), not 200" }
    if let status = json?["statusCode"]?.int64Value, status >= 400 {
      return "the function answered with status \(status)"
    }
    if let failures = json?["batchItemFailures"]?.arrayValue, !failures.isEmpty {
      return "the function failed on \(failures.count) items of the event"
    }
    return nil
  }
}
