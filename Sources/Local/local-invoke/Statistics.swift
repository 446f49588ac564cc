import Foundation

/// Statistics of repeated invocations.
struct Statistics {
  private var durations: [Double] = []
  private var durationsWithoutModel: [Double] = []
  private var inits: [Double] = []
  private var coldStartCount = 0
  private var maximumMemoryMB = 0

  mutating func add(_ invocation: HostedInvocation, modelMilliseconds: Double) {
    let duration = invocation.report.durationMilliseconds
    durations.append(duration)
    durationsWithoutModel.append(max(0, duration - modelMilliseconds))
    if invocation.isColdStart { coldStartCount += 1 }
    if let milliseconds = invocation.report.initMilliseconds { inits.append(milliseconds) }
    maximumMemoryMB = max(maximumMemoryMB, invocation.report.maximumMemoryMB)
  }

  /// The nearest-rank percentile: the smallest value that at least `percent` % of the values do not
  /// exceed.
  static func percentile(_ percent: Double, of values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0 }
    let rank = Int((percent / 100 * Double(sorted.count)).rounded(.up))
    return sorted[min(max(rank, 1), sorted.count) - 1]
  }

  /// Two or three lines; the third only when a model was invoked.
  func summary(failures: Int, environments: Int, seconds: Double) -> String {
    let first = inits.first.map { String(format: "; Init Duration: %.2f ms", $0) } ?? ""
    var lines = [
      "\(durations.count) invocations, \(failures) failed; "
        + "Duration: \(Self.percentiles(of: durations))\(first); "
        + "Max Memory Used: \(maximumMemoryMB) MB"
    ]
    let initDurations =
      inits.count > 1 ? " (Init Duration: \(Self.percentiles(of: inits)))" : ""
    lines.append(
      "\(Self.counted(environments, "environment")), "
        + "\(Self.counted(coldStartCount, "cold start"))\(initDurations); "
        + String(format: "%.1f invocations/s in %.2f s", Double(durations.count) / seconds, seconds)
    )
    if durationsWithoutModel != durations {
      lines.append("without the model's time: \(Self.percentiles(of: durationsWithoutModel))")
    }
    return lines.joined(separator: "\n")
  }

  private static func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  private static func percentiles(of values: [Double]) -> String {
    [50, 90, 99].map { percent in
      String(format: "p\(percent) %.2f ms", percentile(Double(percent), of: values))
    }.joined(separator: ", ")
  }
}
