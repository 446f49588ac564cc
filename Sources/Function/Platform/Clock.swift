import Glibc

/// The time, one of the three seams of the function (docs/architecture.md, decision 5).
///
/// Wall time decides signatures and the invocation's deadline, because both are given as Unix time.
/// Monotonic time measures durations. Both are closures so that a test can set them.
public struct Clock: Sendable {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public var unixMilliseconds: @Sendable () -> Int64
  /// Milliseconds since an arbitrary point; never runs backwards.
  public var monotonicMilliseconds: @Sendable () -> Int64
  /// Blocks the calling thread.
  public var sleep: @Sendable (_ milliseconds: Int64) -> Void

  /// A custom clock, for tests.
  public init(
    unixMilliseconds: @escaping @Sendable () -> Int64,
    monotonicMilliseconds: @escaping @Sendable () -> Int64,
    sleep: @escaping @Sendable (_ milliseconds: Int64) -> Void = Self.pause
  ) {
    self.unixMilliseconds = unixMilliseconds
    self.monotonicMilliseconds = monotonicMilliseconds
    self.sleep = sleep
  }

  /// The clock of the system.
  public static let system = Clock(
    unixMilliseconds: { read(CLOCK_REALTIME) },
    monotonicMilliseconds: { read(CLOCK_MONOTONIC) })

  /// Sleeps for the whole duration, even when a signal interrupts the sleep.
  public static let pause: @Sendable (_ milliseconds: Int64) -> Void = { milliseconds in
    var rest = timespec(
      tv_sec: Int(milliseconds / 1000), tv_nsec: Int(milliseconds % 1000) * 1_000_000)
    var wanted = rest
    while unsafe nanosleep(&wanted, &rest) != 0 && errno == EINTR { wanted = rest }
  }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
