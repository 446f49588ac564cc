/// How an invocation ended, as a client of Lambda learns it.
package struct InvocationOutcome: Sendable {
  /// The end itself.
  package enum Result: Sendable, Equatable {
    /// The function's answer.
    case success([UInt8])
    /// The function or its runtime failed: the error type and the JSON that the client gets.
    case error(type: String, payload: [UInt8])
    /// The deadline passed before an answer came: the JSON that the client gets.
    case timedOut(payload: [UInt8])
  }

  /// The invocation's request id.
  package var requestID: String
  /// The end.
  package var result: Result
  /// From the event's delivery to the answer; 0 when it was never delivered.
  package var durationMilliseconds: Double
  /// The invocation's log, when who invoked keeps one: the last 4 KB go into `X-Amz-Log-Result`.
  package var log: [UInt8]?

  /// An outcome from its parts.
  package init(requestID: String, result: Result, durationMilliseconds: Double, log: [UInt8]? = nil)
  {
    self.requestID = requestID
    self.result = result
    self.durationMilliseconds = durationMilliseconds
    self.log = log
  }

  /// What the client gets: the answer, or the error's JSON.
  package var payload: [UInt8] {
    switch result {
    case .success(let payload), .error(_, let payload), .timedOut(let payload): payload
    }
  }

  /// The error's type, e.g. `Runtime.ExitError` or `Sandbox.Timedout`; nil for a success.
  package var errorType: String? {
    switch result {
    case .success: nil
    case .error(let type, _): type
    case .timedOut: "Sandbox.Timedout"
    }
  }
}
