/// Why a call of the Runtime API brought no response.
struct RuntimeAPIError: Error, Equatable {
  enum Kind: Equatable {
    /// `AWS_LAMBDA_RUNTIME_API` is not `HOST:PORT`, or a part of a request would not stay on its line.
    case invalidRequest
    /// The name of the host could not be resolved.
    case nameResolution
    /// No connection was established: nothing was sent.
    case connection
    /// The connection broke before the response was complete.
    case connectionLost
    /// The connection ended in order, but within the response.
    case incompleteResponse
    /// No complete response within the time limit.
    case timedOut
    /// A larger body than the limit.
    case bodyTooLarge
    /// The response is not HTTP/1, or its length is ambiguous.
    case malformedResponse
  }

  let kind: Kind
  /// User-facing.
  let message: String
  /// The head of a success whose body is incomplete; nil when the head is incomplete, too.
  var head: ResponseHead?

  init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}
