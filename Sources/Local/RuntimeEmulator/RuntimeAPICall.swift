import LoopbackServer

/// A call of the Runtime API, as a hook sees it before the emulator acts on it.
package enum RuntimeAPICall: Sendable, Equatable {
  /// `GET /invocation/next` has arrived; nothing is waiting for it yet.
  case next
  /// An event is about to be sent as the answer to `/next`.
  case delivery(Delivery)
  /// `POST /invocation/{id}/response`.
  case response(requestID: String)
  /// `POST /invocation/{id}/error`.
  case error(requestID: String)
  /// `POST /init/error`.
  case initError
  /// Anything else: the extension API, or an unknown path.
  case other

  /// The answer to `/next` that the emulator would send.
  package struct Delivery: Sendable, Equatable {
    /// The invocation's request id.
    package let requestID: String
    /// All headers of the answer.
    package let headers: [Header]
    /// The event.
    package let event: [UInt8]
  }

  /// A header of the answer.
  package struct Header: Sendable, Equatable {
    /// Its name.
    package let name: String
    /// Its value.
    package let value: String
  }
}

/// What the emulator shall do after a hook has seen a call.
package enum RuntimeAPIAction: Sendable, Equatable {
  /// Handle the call.
  case proceed
  /// The hook has answered or hung up itself; the state changes as though the call had gone well.
  case answered
  /// The hook has answered or hung up itself, and the call did not happen: an event goes back to
  /// the queue, an answer is not taken.
  case ignored
}

/// Sees each call of the Runtime API on its connection's thread, and may misbehave through the
/// connection.
package typealias RuntimeAPIHook =
  @Sendable (RuntimeAPICall, ReceivedHTTPRequest, LoopbackConnection) throws -> RuntimeAPIAction

/// An error that a runtime reported: its type, and the JSON it sent.
package struct ReportedError: Sendable, Equatable {
  /// From `Lambda-Runtime-Function-Error-Type`, else from the JSON's `errorType`, else `Unhandled`.
  package let type: String
  /// The body as sent.
  package let payload: [UInt8]
}
