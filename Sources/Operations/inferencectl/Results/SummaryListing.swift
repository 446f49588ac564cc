import AWSControl
import Foundation
import Results

/// A summary as text and as JSON.
struct SummaryListing {
  private static let shares: [(name: String, share: Double)] = [
    ("p50", 0.5), ("p90", 0.9), ("p99", 0.99),
  ]

  private let summary: ResultSummary
  private let classes: Int

  /// - Parameter classes: how many are listed.
  init(_ summary: ResultSummary, classes: Int) {
    self.summary = summary
    self.classes = classes
  }

  var text: String {
    guard summary.total > 0 else { return "no results" }
    return [headline, classTable.text, dayTable.text, latencyTable.text]
      .filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private var headline: String {
    var lines = ["\(summary.total) results" + period]
    for (threshold, count) in zip(summary.thresholds, summary.below) {
      lines.append("below \(Text.percent(threshold)): \(count) (\(share(count)))")
    }
    if summary.withoutClass > 0 { lines.append("without class: \(summary.withoutClass)") }
    if summary.withoutProbability > 0 {
      lines.append("without probability: \(summary.withoutProbability)")
    }
    let endpoints = summary.endpoints.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    lines.append(
      "by " + endpoints.prefix(5).map { "\($0.key) (\($0.value))" }.joined(separator: ", ")
        + (endpoints.count > 5 ? " and \(endpoints.count - 5) more" : ""))
    return lines.joined(separator: "\n")
  }

  private var period: String {
    guard let first = summary.firstUnixMilliseconds, let last = summary.lastUnixMilliseconds else {
      return ""
    }
    return ", written \(Text.time(unixMilliseconds: first)) to \(Text.time(unixMilliseconds: last))"
  }

  private var classTable: Table {
    var table = Table("class", "results", "share", "mean probability")
    let all = summary.classesByCount
    for (name, count) in all.prefix(classes) {
      table.add(
        name, String(count.count), share(count.count), ResultText.probability(count.meanProbability)
      )
    }
    if all.count > classes {
      let rest = all.dropFirst(classes).reduce(0) { $0 + $1.count.count }
      table.add("\(all.count - classes) more", String(rest), share(rest), "")
    }
    return table
  }

  private var dayTable: Table {
    var table = Table("day", "results")
    for (day, count) in summary.days.sorted(by: { $0.key < $1.key }) {
      table.add(UTCTime.day(daysSince1970: day), String(count))
    }
    return table
  }

  private var latencyTable: Table {
    var table = Table("milliseconds", "p50", "p90", "p99", "maximum")
    for (name, counts) in [("read from S3", summary.s3), ("endpoint", summary.endpoint)]
    where counts.total > 0 {
      let values = Self.shares.map { counts.quantile($0.share).map(String.init) ?? "" }
      table.add(name, values[0], values[1], values[2], counts.maximum.map(String.init) ?? "")
    }
    return table
  }

  private func share(_ count: Int) -> String {
    String(format: "%.1f %%", 100 * Double(count) / Double(max(1, summary.total)))
  }

  static func json(_ summary: ResultSummary, _ trouble: ResultTrouble) -> OperationInput {
    [
      "results": summary.total, "withoutClass": summary.withoutClass,
      "withoutProbability": summary.withoutProbability,
      "firstWritten": summary.firstUnixMilliseconds.map { UTCTime.text(unixMilliseconds: $0) },
      "lastWritten": summary.lastUnixMilliseconds.map { UTCTime.text(unixMilliseconds: $0) },
      "below": zip(summary.thresholds, summary.below).map { threshold, count -> OperationInput in
        ["threshold": threshold, "results": count]
      },
      "classes": summary.classesByCount.map { name, count -> OperationInput in
        ["class": name, "results": count.count, "meanProbability": count.meanProbability]
      },
      "probabilityHistogram": summary.histogram,
      "days": summary.days.sorted { $0.key < $1.key }.map { day, count -> OperationInput in
        ["day": UTCTime.day(daysSince1970: day), "results": count]
      },
      "endpoints": summary.endpoints, "s3Milliseconds": json(summary.s3),
      "endpointMilliseconds": json(summary.endpoint),
      "leastSure": summary.doubts.map { doubt -> OperationInput in
        [
          "bucket": doubt.image.bucket, "key": doubt.image.key, "versionId": doubt.image.versionID,
          "class": doubt.label, "probability": doubt.probability,
        ]
      },
      "unreadable": trouble.unreadable, "removed": trouble.removed,
      "otherObjects": trouble.otherObjects,
    ]
  }

  private static func json(_ counts: LatencyCounts) -> OperationInput? {
    guard counts.total > 0 else { return nil }
    return [
      "count": counts.total, "p50": counts.quantile(0.5), "p90": counts.quantile(0.9),
      "p99": counts.quantile(0.99), "maximum": counts.maximum,
    ]
  }
}
