import LoopbackServer

/// A call of the Runtime API, passed to a hook before the emulator handles it.
package enum RuntimeAPICall: Sendable, Equatable {
  /// `GET /invocation/next` has arrived and is not yet registered.
  case next
  /// An event is about to be sent in response to `/next`.
  case delivery(Delivery)
  /// `POST /invocation/{id}/response`.
  case response(requestID: String)
  /// `POST /invocation/{id}/error`.
  case error(requestID: String)
  /// `POST /init/error`.
  case initError
  /// Anything else: the extension API, or an unknown path.
  case other

  /// The response to `/next` that the emulator is about to send.
  package struct Delivery: Sendable, Equatable {
    package let requestID: String
    package let headers: [Header]
    package let event: [UInt8]
  }

  package struct Header: Sendable, Equatable {
    package let name: String
    package let value: String
  }
}

/// The emulator's action after a hook has run.
package enum RuntimeAPIAction: Sendable, Equatable {
  case proceed
  /// The hook has responded or closed the connection; the state changes as if the call had
  /// succeeded.
  case answered
  /// The hook has responded or closed the connection, and the call has no effect: an event returns
  /// to the queue, a response is not accepted.
  case ignored
}

/// Runs for each call of the Runtime API on its connection's thread, and can inject faults through
/// the connection.
package typealias RuntimeAPIHook =
  @Sendable (RuntimeAPICall, ReceivedHTTPRequest, LoopbackConnection) throws -> RuntimeAPIAction

/// An error reported by a runtime: its type and JSON.
package struct ReportedError: Sendable, Equatable {
  /// From `Lambda-Runtime-Function-Error-Type`, otherwise from the JSON's `errorType`, otherwise
  /// `Unhandled`.
  package let type: String
  package let payload: [UInt8]
}
