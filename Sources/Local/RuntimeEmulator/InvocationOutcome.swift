/// The outcome of an invocation, as seen by a client of Lambda.
package struct InvocationOutcome: Sendable {
  package enum Result: Sendable, Equatable {
    case success([UInt8])
    /// The function or its runtime failed. The payload is the JSON for the client.
    case error(type: String, payload: [UInt8])
    /// The deadline passed before a response. The payload is the JSON for the client.
    case timedOut(payload: [UInt8])
  }

  package var requestID: String
  package var result: Result
  /// From the delivery of the event to the response; 0 when it was never delivered.
  package var durationMilliseconds: Double
  /// When the event was delivered, as `monotonicMicroseconds`; nil when it never was.
  package var deliveredMicroseconds: Int64?
  /// The invocation's log, if recorded. The last 4 KB are sent in `X-Amz-Log-Result`.
  package var log: [UInt8]?

  package init(requestID: String, result: Result, durationMilliseconds: Double, log: [UInt8]? = nil)
  {
    self.requestID = requestID
    self.result = result
    self.durationMilliseconds = durationMilliseconds
    self.log = log
  }

  /// The body for the client: the response, or the error's JSON.
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
