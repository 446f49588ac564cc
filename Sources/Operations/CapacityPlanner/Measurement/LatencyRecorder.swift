/// Records latencies of the current point of the series; ends of points add them to the whole.
struct LatencyRecorder: ~Copyable {
  private var current = Buffer<UInt32>(repeating: 0, count: LatencyHistogram.bucketCount)
  private var currentCount = 0
  private var currentSum: Int64 = 0
  private var least = Microseconds.max
  private var most: Microseconds = 0
  private(set) var total = LatencyHistogram()

  init() { total.buckets = [UInt64](repeating: 0, count: LatencyHistogram.bucketCount) }

  /// All that were recorded.
  var countSoFar: Int { total.count + currentCount }

  @inline(__always)
  mutating func record(_ latency: Microseconds) {
    current[LatencyHistogram.bucket(of: latency)] &+= 1
    currentCount += 1
    currentSum &+= latency
    if latency < least { least = latency }
    if latency > most { most = latency }
    // Long before a bucket of 32 bits can overflow.
    if currentCount == 1 << 31 { flush() }
  }

  /// Ends a point: its percentiles, in the order of `shares`.
  mutating func endPoint(_ shares: [Double]) -> [Duration?] {
    let (count, lowest, highest) = (currentCount, least, most)
    defer { flush() }
    guard count > 0 else { return shares.map { _ in nil } }
    var results: [Duration?] = []
    var seen = 0
    var bucket = LatencyHistogram.bucket(of: lowest)
    for share in shares {
      let rank = max(1, Int((share * Double(count)).rounded(.up)))
      while seen + Int(current[bucket]) < rank {
        seen += Int(current[bucket])
        bucket += 1
      }
      let end = LatencyHistogram.upperEnd(of: bucket)
      results.append(.microseconds(max(lowest, min(highest, end))))
    }
    return results
  }

  private mutating func flush() {
    guard currentCount > 0 else { return }
    let range =
      LatencyHistogram.bucket(of: least)..<LatencyHistogram.bucket(of: most) + 1
    for bucket in range { total.buckets[bucket] += UInt64(current[bucket]) }
    current.fill(range, with: 0)
    total.count += currentCount
    total.sum += Double(currentSum)
    total.least = min(total.least, least)
    total.most = max(total.most, most)
    (currentCount, currentSum, least, most) = (0, 0, .max, 0)
  }
}
