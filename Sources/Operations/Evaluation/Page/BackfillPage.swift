import Foundation
import Report

/// How a backfill went: a page over plain values, for `backfill report --report`.
package struct BackfillPage: Sendable {
  package typealias Reason = (reason: String, count: Int, examples: [String])

  /// Its identifier, or what was invoked instead of one.
  package var job: String
  /// For example `Complete`.
  package var state: String
  package var objects: Int
  package var succeeded: Int
  package var failed: Int
  package var elapsedSeconds: Double?
  package var classes: [(name: String, count: Int, meanProbability: Double?)] = []
  package var failures: [Reason] = []
  /// Objects that were not classified because of what they are.
  package var leftOut: [Reason] = []
  package var costs: [(item: String, dollars: Double)] = []
  package var leastSure: [PhotographCard] = []
  /// A sentence each.
  package var notes: [String] = []

  package init(job: String, state: String, objects: Int, succeeded: Int, failed: Int) {
    (self.job, self.state, self.objects) = (job, state, objects)
    (self.succeeded, self.failed) = (succeeded, failed)
  }

  package var html: String {
    var page = Page(
      title: "Backfill \(job)", kicker: "Backfill \(job), \(state)", headline: headline)
    page.sections.append(HTML.tiles(tiles) + HTML.list(notes))
    if !failures.isEmpty { page.add("Failures", PageParts.reasons(failures)) }
    if !leftOut.isEmpty { page.add("Left out", PageParts.reasons(leftOut)) }
    page.add("Classes", PageParts.classes(classes, total: succeeded))
    if !leastSure.isEmpty { page.add("Least sure", leastSure.html) }
    if !costs.isEmpty {
      let rows = costs.map { HTML.Row([$0.item, NumberText.dollars($0.dollars)]) }
      page.add(
        "Cost",
        HTML.table(
          ["", "cost"],
          rows + [.init(["sum", NumberText.dollars(total)], isMarked: true)]))
    }
    return page.html
  }

  private var total: Double { costs.reduce(0) { $0 + $1.dollars } }

  private var headline: String {
    failed == 0
      ? "\(PageParts.photographs(succeeded)) classified, none failed"
      : "\(PageParts.photographs(succeeded)) classified, \(NumberText.count(failed)) failed"
  }

  private var tiles: [HTML.Tile] {
    var tiles = [
      HTML.Tile(
        "Succeeded", PageParts.percent(Proportion(succeeded, of: succeeded + failed)),
        "\(NumberText.count(succeeded)) of \(NumberText.count(objects)) objects",
        failed == 0 && succeeded > 0 ? .good : .neutral),
      HTML.Tile(
        "Failed", NumberText.count(failed),
        failures.isEmpty ? "" : "\(failures.count) reason\(failures.count == 1 ? "" : "s")",
        failed > 0 ? .bad : .good),
    ]
    if let elapsedSeconds, elapsedSeconds > 0 {
      let rate = Double(succeeded + failed) / elapsedSeconds
      tiles.append(
        .init("Duration", Self.duration(elapsedSeconds), String(format: "%.1f per second", rate)))
    }
    if !costs.isEmpty { tiles.append(.init("Cost", NumberText.dollars(total), "")) }
    return tiles
  }

  private static func duration(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    return whole < 120
      ? "\(whole) s"
      : whole < 7200 ? "\(whole / 60) min" : String(format: "%.1f h", seconds / 3600)
  }
}
