/// A level that changes now and then, integrated over time.
struct TimeIntegral {
  private(set) var level: Int
  private var since: Microseconds = 0
  private var sum = 0.0

  init(_ level: Int) { self.level = level }

  mutating func set(_ newLevel: Int, _ now: Microseconds) {
    sum += Double(level) * Double(now - since)
    since = now
    level = newLevel
  }

  /// The integral since the last call, in units × µs.
  mutating func take(_ now: Microseconds) -> Double {
    set(level, now)
    defer { sum = 0 }
    return sum
  }
}
