import Platform

/// Requests over one connection at a time, which is kept, and replaced when the server has ended it.
///
/// Used from one thread only; each loop has its own.
final class RuntimeConnection {
  let address: RuntimeAddress
  private let clock: Clock
  private let timeoutMilliseconds: Int64
  private let reader = ResponseReader()
  /// Nil before the first request, and when the last response has ended the connection.
  private var socket: RuntimeSocket?

  /// - Parameter timeoutMilliseconds: of requests with a limit.
  init(_ address: RuntimeAddress, clock: Clock, timeoutMilliseconds: Int64) {
    self.address = address
    self.clock = clock
    self.timeoutMilliseconds = timeoutMilliseconds
  }

  /// Sends a request whose repetition does no harm, and waits for its response without a limit.
  func get(
    _ request: RuntimeRequest, limitBytes: Int
  ) throws(RuntimeAPIError) -> RuntimeResponse {
    try exchange(request, [], isLimited: false, limitBytes)
  }

  /// Sends a request at most once.
  ///
  /// - Throws: `.connection` when nothing was sent, `.connectionLost` when it may have arrived.
  func post(
    _ request: RuntimeRequest, _ body: [UInt8], limitBytes: Int
  ) throws(RuntimeAPIError) -> RuntimeResponse {
    try exchange(request, body, isLimited: true, limitBytes)
  }

  private func exchange(
    _ request: RuntimeRequest, _ body: [UInt8], isLimited: Bool, _ limitBytes: Int
  ) throws(RuntimeAPIError) -> RuntimeResponse {
    // Only a complete response puts it back.
    var socket = self.socket
    self.socket = nil
    // A connection that the server ended meanwhile would make the loss of a post uncertain. Bytes that nobody
    // requested would be taken for the response.
    if let idle = socket, !idle.isIdle { socket = nil }
    if socket == nil {
      reader.discard()
      socket = try RuntimeSocket(address, clock: clock, timeoutMilliseconds: timeoutMilliseconds)
    }
    guard let socket else { preconditionFailure("it is open") }
    socket.begin(isLimited: isLimited)
    let isSent = try socket.send(request.bytes, body)
    let response = try reader.read(from: socket, limitBytes: limitBytes)
    if isSent && response.leavesConnection { self.socket = socket }
    return response
  }
}

@available(*, unavailable)
extension RuntimeConnection: Sendable {}
