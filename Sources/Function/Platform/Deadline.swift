/// The moment at which an invocation must be finished, as `Lambda-Runtime-Deadline-Ms` gives it.
///
/// It is stored as wall time and compared with the clock on every query, so that the time for which
/// a process was frozen counts, too.
public struct Deadline: Sendable, Equatable {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public let unixMilliseconds: Int64

  /// A deadline at a point of wall time.
  public init(unixMilliseconds: Int64) {
    self.unixMilliseconds = unixMilliseconds
  }

  /// No deadline.
  public static let distantFuture = Deadline(unixMilliseconds: .max)

  /// A deadline some time from now.
  public static func after(milliseconds: Int64, on clock: Clock) -> Deadline {
    Deadline(unixMilliseconds: clock.unixMilliseconds().clampedAdding(milliseconds))
  }

  /// Milliseconds left; zero or negative when the deadline has passed, `Int64.max` without a
  /// deadline.
  public func remainingMilliseconds(on clock: Clock) -> Int64 {
    if unixMilliseconds == .max { return .max }
    return unixMilliseconds.clampedSubtracting(clock.unixMilliseconds())
  }

  /// An earlier deadline, to leave time for the response.
  public func earlier(byMilliseconds milliseconds: Int64) -> Deadline {
    if unixMilliseconds == .max { return self }
    return Deadline(unixMilliseconds: unixMilliseconds.clampedSubtracting(milliseconds))
  }
}
