import AWSClient
import AWSControl
import Evaluation
import Foundation
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
    page.threshold = zip(summary.thresholds, summary.below).first.map { ($0, $1) }
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

  /// Reads the least sure photographs and makes small pictures of them; what cannot be read or pictured is left out.
  ///
  /// - Returns: `data:` addresses by the photograph's description.
  /// - Throws: `CocoaError` when there is no room for them.
  func thumbnails(in session: Session) throws -> [String: String] {
    guard let program = try? LocalInvokeProgram.path(nil, session) else {
      session.note(
        "Note: the page has no pictures, because local-invoke is not beside this program.")
      return [:]
    }
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("results-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    // What is left of a temporary folder does no harm.
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var files: [(key: String, path: String)] = []
    var notes: [String] = []
    for (index, doubt) in summary.doubts.enumerated() {
      let image = doubt.image
      let bytes = try session.client().attempt(image.description, notes: &notes) {
        try session.client().readObject(
          S3Location(bucket: image.bucket, key: image.key), versionID: image.versionID,
          maximumBytes: Self.maximumBytes)
      }
      guard let bytes else { continue }
      let path = "\(folder)/\(index)"
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      files.append((image.description, path))
    }
    if let first = notes.first {
      session.note("Note: the page lacks \(notes.count) pictures. \(first).")
    }
    return ThumbnailProgram(path: program, environment: session.environment).thumbnails(of: files)
  }

  private static let maximumBytes = 32 << 20
}
