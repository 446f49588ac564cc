import Glibc

/// A latch that one thread sets and another waits for, together with a connection, without polling.
///
/// Once set, it stays set. A handler that holds a request for hours waits with
/// ``LoopbackConnection/wait(for:)``.
package final class WakeUp: Sendable {
  /// The end of a pipe that becomes readable.
  let descriptor: Int32
  private let writingEnd: Int32

  /// A latch that is not set.
  /// - Throws: ``SocketError`` when the process has no descriptor left.
  package init() throws(SocketError) {
    var ends: [Int32] = [-1, -1]
    try check(pipe(&ends), "pipe")
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    descriptor = ends[0]
    writingEnd = ends[1]
  }

  deinit {
    close(descriptor)
    close(writingEnd)
  }

  /// Sets the latch and wakes its waiters; from any thread, any number of times.
  package func signal() {
    // A full pipe leaves the latch set, so the result does not matter.
    _ = write(writingEnd, [1], 1)
  }
}
