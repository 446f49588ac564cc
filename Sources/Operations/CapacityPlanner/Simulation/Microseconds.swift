/// Simulated time: whole microseconds since the start of the traffic, 292,000 years of them.
typealias Microseconds = Int64

extension Microseconds {
  static let second: Microseconds = 1_000_000
  static let minute: Microseconds = 60 * second
  static let hour: Microseconds = 60 * minute
  /// No such moment.
  static let never = Microseconds.max
}

extension Duration {
  /// Rounded down to whole microseconds; what exceeds 146,000 years is cut to that.
  var microseconds: Microseconds {
    let (seconds, attoseconds) = components
    let limit = Microseconds.max / 2 / Microseconds.second
    let bounded = Swift.max(-limit, Swift.min(limit, seconds))
    return bounded * Microseconds.second + attoseconds / 1_000_000_000_000
  }

  /// As a number of seconds, for rates and plots.
  var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
