/// The moment at which an invocation must be finished, as `Lambda-Runtime-Deadline-Ms` gives it.
///
/// It is kept as wall time and compared with the clock whenever it is asked, so that a process that
/// was frozen in between does not count time that belongs to another invocation.
public struct Deadline: Sendable, Equatable {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public let unixMilliseconds: Int64

  /// A deadline at a point of wall time.
  public init(unixMilliseconds: Int64) {
    self.unixMilliseconds = unixMilliseconds
  }

  /// No limit: for work that waits as long as it takes.
  public static let distantFuture = Deadline(unixMilliseconds: .max)

  /// A deadline some time from now.
  public static func after(milliseconds: Int64, on clock: Clock) -> Deadline {
    Deadline(unixMilliseconds: clock.unixMilliseconds().clampedAdding(milliseconds))
  }

  /// Milliseconds left; zero or negative when it has passed, `Int64.max` when there is no limit.
  public func remainingMilliseconds(on clock: Clock) -> Int64 {
    if unixMilliseconds == .max { return .max }
    return unixMilliseconds.clampedSubtracting(clock.unixMilliseconds())
  }

  /// The same deadline moved to an earlier moment, to leave time for the answer.
  public func earlier(byMilliseconds milliseconds: Int64) -> Deadline {
    if unixMilliseconds == .max { return self }
    return Deadline(unixMilliseconds: unixMilliseconds.clampedSubtracting(milliseconds))
  }
}
