import Foundation

/// Durations of many invocations.
struct Statistics {
  private var durations: [Double] = []
  private var inits: [Double] = []
  private var maximumMemoryMB = 0

  mutating func add(_ invocation: HostedInvocation) {
    durations.append(invocation.report.durationMilliseconds)
    if let milliseconds = invocation.report.initMilliseconds { inits.append(milliseconds) }
    maximumMemoryMB = max(maximumMemoryMB, invocation.report.maximumMemoryMB)
  }

  /// The nearest-rank percentile: the smallest value that at least so many percent do not exceed.
  static func percentile(_ percent: Double, of values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0 }
    let rank = Int((percent / 100 * Double(sorted.count)).rounded(.up))
    return sorted[min(max(rank, 1), sorted.count) - 1]
  }

  /// One line.
  func summary(failures: Int) -> String {
    let parts = [50, 90, 99].map { percent in
      String(format: "p\(percent) %.2f ms", Self.percentile(Double(percent), of: durations))
    }
    let first = inits.first.map { String(format: "; Init Duration: %.2f ms", $0) } ?? ""
    return
      "\(durations.count) invocations, \(failures) failed; Duration: \(parts.joined(separator: ", "))\(first); "
      + "Max Memory Used: \(maximumMemoryMB) MB"
  }
}
