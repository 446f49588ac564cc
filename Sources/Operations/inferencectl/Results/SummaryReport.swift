import Evaluation
import Results

/// The page of `results summary --report`.
struct SummaryReport {
  let summary: ResultSummary
  let trouble: ResultTrouble
  /// Where the results are.
  let source: String

  /// - Parameter thumbnails: small pictures of the least sure photographs, as far as there are any.
  func page(thumbnails: [String: String]) -> SummaryPage {
    var page = SummaryPage(source: source, total: summary.total)
    page.classes = summary.classesByCount.map {
      ($0.name, $0.count.count, $0.count.meanProbability)
    }
    page.histogram = summary.histogram
    page.days = summary.days.sorted { $0.key < $1.key }.map {
      (UTCTime.day(daysSince1970: $0.key), $0.value)
    }
    page.threshold = summary.thresholds.first.map { ($0, summary.below[0]) }
    page.latencies = [("endpoint", summary.endpoint), ("read from S3", summary.s3)]
      .compactMap(Self.latency)
    page.leastSure = summary.doubts.map { doubt in
      PhotographCard(
        key: doubt.image.description, predicted: doubt.label, probability: doubt.probability,
        thumbnail: thumbnails[doubt.image.description])
    }
    page.notes = trouble.lines.map { "\($0)." }
    return page
  }

  private static func latency(_ name: String, _ counts: LatencyCounts) -> SummaryPage.Latency? {
    guard let p50 = counts.quantile(0.5), let p90 = counts.quantile(0.9),
      let p99 = counts.quantile(0.99), let maximum = counts.maximum
    else { return nil }
    return .init(
      name: name, p50: Double(p50), p90: Double(p90), p99: Double(p99), maximum: Double(maximum))
  }

  /// Small pictures of the least sure photographs by their description.
  ///
  /// - Throws: `CocoaError` when there is no room for them.
  func thumbnails(in session: Session) throws -> [String: String] {
    try StoredPhotographs(session: session).thumbnails(
      of: summary.doubts.map { ($0.image.description, $0.image) })
  }
}
