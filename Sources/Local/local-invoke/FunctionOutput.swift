import Foundation

/// The function's log: its standard output and standard error, without what Lambda would drop. Relayed
/// immediately, and kept for one invocation.
final class FunctionOutput: @unchecked Sendable {
  /// The last part of a log that is kept.
  private static let maximumLogBytes = 1 << 20

  /// For the process; closed here after the process has its copy.
  let writingEnd: Int32
  private let readingEnd: Int32
  private let relay: @Sendable ([UInt8]) -> Void
  /// Guards everything below; held while bytes are read, so that they stay in order.
  private let lock = NSLock()
  private var log: [UInt8] = []
  private var isReading = false
  private var filter: LambdaLogFilter

  /// - Parameter relay: receives the bytes immediately.
  init(
    _ filter: LambdaLogFilter, relay: @escaping @Sendable ([UInt8]) -> Void
  ) throws {
    self.filter = filter
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw StartError(path: "pipe", code: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    (readingEnd, writingEnd) = (ends[0], ends[1])
    self.relay = relay
  }

  deinit {
    if !isReading { close(writingEnd) }
    close(readingEnd)
  }

  /// Call it after the process has its copy of the writing end, so that the pipe ends with the
  /// process.
  func beginReading() {
    lock.withLock { isReading = true }
    close(writingEnd)
    Thread { [self] in
      var entry = pollfd(fd: readingEnd, events: Int16(POLLIN), revents: 0)
      repeat {
        while poll(&entry, 1, -1) < 0 && errno == EINTR {}
      } while drain()
    }.start()
  }

  /// Relays all available bytes. False when the pipe has ended.
  @discardableResult
  func drain() -> Bool {
    lock.lock()
    defer { lock.unlock() }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(readingEnd, &buffer, buffer.count)
      if count < 0 { return errno == EAGAIN || errno == EINTR }
      if count == 0 {
        keep(filter.passedAtEnd())
        return false
      }
      keep(filter.passed(Array(buffer[..<count])))
    }
  }

  private func keep(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    log += bytes
    if log.count > Self.maximumLogBytes { log.removeFirst(log.count - Self.maximumLogBytes) }
    relay(bytes)
  }

  func takeLog() -> [UInt8] {
    drain()
    lock.lock()
    defer {
      log = []
      lock.unlock()
    }
    return log
  }
}
