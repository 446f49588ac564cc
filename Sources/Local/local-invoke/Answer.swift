import JSON
import RuntimeEmulator

/// The function's answer, or the error in its place, and what it means for the exit status.
struct Answer {
  let payload: [UInt8]
  private let isError: Bool

  init(_ outcome: InvocationOutcome) {
    payload = outcome.payload
    isError = outcome.errorType != nil
  }

  /// 1 for an invocation error and for a proxy response of 400 or more; else 0.
  var exitStatus: Int32 {
    if isError { return 1 }
    let status = (try? JSONValue(parsing: payload))?["statusCode"]?.int64Value ?? 200
    return status >= 400 ? 1 : 0
  }

  /// The message of an invocation error.
  var errorMessage: String? {
    isError ? (try? JSONValue(parsing: payload))?["errorMessage"]?.stringValue : nil
  }
}
