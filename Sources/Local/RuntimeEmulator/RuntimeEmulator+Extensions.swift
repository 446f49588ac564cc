import JSON
import LoopbackServer

package struct RegisteredExtension: Sendable, Equatable {
  /// `Lambda-Extension-Name`.
  package let name: String
  /// Whether it has polled for its next event, which Lambda's init phase requires.
  package var isWaiting = false
}

/// The part of the Extensions API (2020-01-01) that is required to receive SIGTERM. Events are
/// never sent.
///
/// Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
extension RuntimeEmulator {
  package var registeredExtensions: [RegisteredExtension] {
    extensions.withLock { Array($0.values) }
  }

  /// False when the request does not belong to this API, or extensions are disabled.
  func handleExtension(
    _ request: ReceivedHTTPRequest, _ connection: LoopbackConnection
  ) throws -> Bool {
    guard configuration.acceptsExtensions else { return false }
    switch (request.method, request.path) {
    case ("POST", "/2020-01-01/extension/register"):
      let identifier = freshUUID()
      let name = request.header("Lambda-Extension-Name") ?? ""
      extensions.withLock { $0[identifier] = RegisteredExtension(name: name) }
      try connection.send(
        status: 200, headers: json + [("Lambda-Extension-Identifier", identifier)],
        body: (["functionName": "function", "functionVersion": "$LATEST", "handler": "bootstrap"]
          as JSONValue).serialized())
    case ("GET", "/2020-01-01/extension/event/next"):
      let identifier = request.header("Lambda-Extension-Identifier") ?? ""
      let isKnown = extensions.withLock { $0[identifier]?.isWaiting = true } != nil
      guard isKnown else {
        try connection.send(
          status: 403, headers: json,
          body: runtimeErrorJSON(
            type: "Extension.UnknownExtensionIdentifier", "Unknown extension"))
        return true
      }
      connection.waitUntilClientIsGone()
    default: return false
    }
    return true
  }
}
