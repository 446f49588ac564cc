/// Latencies in bounded memory: 256 buckets for each doubling, so a percentile is at most 0.4 % too high and never
/// too low. Least, greatest and mean are exact (to a microsecond).
///
/// The bucketing is that of HdrHistogram, <http://hdrhistogram.org>, with values in microseconds.
package struct LatencyHistogram: Sendable, Hashable {
  static let precisionBits = 8
  /// 2^40 µs are 12 days; what is longer is counted as that.
  static let greatest: Microseconds = 1 << 40
  static let bucketCount = bucket(of: greatest) + 1

  @inline(__always)
  static func bucket(of value: Microseconds) -> Int {
    let bounded = max(0, min(value, greatest))
    let magnitude = 63 - (bounded | 1).leadingZeroBitCount
    let shift = max(0, magnitude - precisionBits)
    return shift << precisionBits + Int(bounded >> Int64(shift))
  }

  /// The greatest value that falls into the bucket.
  static func upperEnd(of bucket: Int) -> Microseconds {
    let shift = max(0, bucket >> precisionBits - 1)
    let mantissa = bucket - shift << precisionBits
    return Microseconds(mantissa + 1) << Int64(shift) - 1
  }

  var buckets: [UInt64]
  var sum: Double
  var least: Microseconds
  var most: Microseconds

  /// How many latencies are in it.
  package internal(set) var count: Int

  init() {
    buckets = []
    (sum, least, most, count) = (0, .max, 0, 0)
  }

  /// Adds those of another draw.
  mutating func add(_ other: LatencyHistogram) {
    if buckets.isEmpty { buckets = [UInt64](repeating: 0, count: other.buckets.count) }
    for index in other.buckets.indices { buckets[index] += other.buckets[index] }
    (sum, count) = (sum + other.sum, count + other.count)
    (least, most) = (min(least, other.least), max(most, other.most))
  }

  /// The latency that this share of all do not exceed; nil when there are none.
  package func percentile(_ share: Double) -> Duration? { percentile(share, of: count) }

  /// The same among `total` requests, of which those that are not in the histogram never ended: they count as
  /// slower than any. Nil when the percentile falls on one of them.
  package func percentile(_ share: Double, of total: Int) -> Duration? {
    guard total > 0, count > 0 else { return nil }
    let rank = max(1, Int((share * Double(total)).rounded(.up)))
    if rank > count { return nil }
    var seen: UInt64 = 0
    for (index, amount) in buckets.enumerated() where amount > 0 {
      seen += amount
      if seen >= UInt64(rank) {
        return .microseconds(max(least, min(most, Self.upperEnd(of: index))))
      }
    }
    return .microseconds(most)
  }

  /// The mean; nil when there are none.
  package var mean: Duration? { count == 0 ? nil : .seconds(sum / Double(count) / 1e6) }

  /// The greatest; nil when there are none.
  package var maximum: Duration? { count == 0 ? nil : .microseconds(most) }

  /// The least; nil when there are none.
  package var minimum: Duration? { count == 0 ? nil : .microseconds(least) }
}
