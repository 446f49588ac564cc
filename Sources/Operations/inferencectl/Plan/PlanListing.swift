import CapacityPlanner
import Foundation

/// A plan as text.
struct PlanListing {
  let run: PlanRun
  let steps: PlanSteps
  let warnings: [String]
  let showsAll: Bool

  var plan: Plan { run.plan }

  var text: String {
    let shown = showsAll ? plan.alternatives : plan.highlights
    var lines = [plan.recommendation]
    lines += certainty
    lines += [
      "", table(shown),
      "* the \(plan.best == nil ? "nearest" : "recommended") one; $/month for 730 h, prices of "
        + "\(run.planner.prices.region), \(run.planner.prices.date); \(plan.alternatives.count) alternatives were "
        + "simulated, \(shown.count) are shown",
    ]
    lines += comparison + gradeLines
    if !run.sensitivity.isEmpty {
      lines +=
        ["", "What hangs on what AWS does not document:"] + run.sensitivity.map { "  \($0)" }
    }
    lines += ["", "Set it with"]
    lines += steps.commands.map { "  " + $0.replacingOccurrences(of: "\n", with: "\n  ") }
    lines += ["or with these parameters of template.yaml", "  \(steps.parameterOverrides)"]
    lines += steps.notes.map { "\($0)." }
    return lines.joined(separator: "\n")
  }

  /// How sure it is, and the worst hour and day.
  private var certainty: [String] {
    guard let certainty = plan.nearest.certainty else { return [] }
    var lines = [
      "SLO met: \(certainty.verdict.rawValue), by \(certainty.replications) draws of arrivals and durations."
    ]
    for (name, windows) in [("hour", certainty.hours), ("day", certainty.days)] {
      guard windows.count > 1, let worst = windows.worst else { continue }
      let latency =
        worst.latency.map { DurationText.text($0) }
        ?? "out of reach, as too many requests do not end well"
      lines.append(
        "Worst \(name): \(moment(worst.startSeconds)), \(PlanText.percentile(plan.serviceLevel)) of "
          + "\(PlanText.grouped(worst.arrivals)) requests \(latency); \(windows.missed) of \(windows.count) \(name)s miss the objective."
      )
    }
    return lines
  }

  private func moment(_ seconds: Double) -> String {
    var page = PlanReport(
      title: "", plan: plan, outcomes: [], traffic: run.traffic, steps: steps, inputs: [],
      prices: run.planner.prices)
    page.timeZone = run.planner.timeZone
    return page.moment(seconds)
  }

  private func table(_ alternatives: [Alternative]) -> String {
    let hasEndpoint = plan.nearest.scenario.endpoint != nil
    let hasVariants = !run.planner.variants.isEmpty
    var table = PlanTable(
      headings: ["", "function"] + (hasVariants ? ["memory"] : [])
        + (hasEndpoint ? ["endpoint"] : [])
        + ["$/month", "requests", "duration", "provisioned"] + (hasEndpoint ? ["endpoint"] : [])
        + ["p50", "p99", "p99.9", "cold", "refused", "failed", "SLO met"],
      textColumns: 2 + (hasVariants ? 1 : 0) + (hasEndpoint ? 1 : 0))
    for alternative in alternatives {
      let cost = alternative.monthlyCost
      let function = alternative.scenario.function
      table.rows.append(
        [alternative == plan.nearest ? "*" : " ", alternative.functionSummary]
          + (hasVariants
            ? ["\(function.memoryMegabytes) MB \(function.architecture.rawValue)"] : [])
          + (hasEndpoint ? [alternative.endpointSummary ?? "-"] : [])
          + [
            cost.total, cost.requests, cost.onDemandDuration + cost.provisionedDuration,
            cost.provisionedConcurrency,
          ].map(Self.dollars)
          + (hasEndpoint ? [Self.dollars(cost.endpoint)] : [])
          + [alternative.p50, alternative.p99, alternative.p999].map {
            $0.map(DurationText.text) ?? "-"
          }
          + [String(format: "%.2f %%", alternative.coldShare * 100)]
          + [
            alternative.counts.refused,
            alternative.counts.arrivals - alternative.counts.completed - alternative.counts.refused,
          ]
          .map(PlanText.grouped)
          + [PlanReport.sloMet(alternative)])
    }
    return table.text
  }

  /// The setting in place and the others that were asked about, beside the recommended one.
  private var comparison: [String] {
    guard run.present != nil || !run.whatIfs.isEmpty else { return [] }
    var table = PlanTable(
      headings: [
        "", "settings", "$/month", "difference", PlanText.percentile(plan.serviceLevel),
        "difference",
        "refused", "difference", "SLO met",
      ], textColumns: 2)
    var rows = run.present.map { [("in place", $0)] } ?? []
    rows.append((plan.best == nil ? "nearest" : "recommended", plan.nearest))
    rows += run.whatIfs.map { ("what if \($0.name)", $0.alternative) }
    for (name, one) in rows {
      let base = run.present
      table.rows.append([
        name, one.description, Self.dollars(one.monthlyCost.total),
        base.map { Self.signed(one.monthlyCost.total - $0.monthlyCost.total) } ?? "-",
        one.promisedLatency.map(DurationText.text) ?? "-",
        Self.latencyDifference(one, base) ?? "-", PlanText.grouped(one.counts.refused),
        base.map { Self.signed(one.counts.refused - $0.counts.refused) } ?? "-",
        PlanReport.sloMet(one),
      ])
    }
    return ["", table.text]
  }

  private static func latencyDifference(_ one: Alternative, _ base: Alternative?) -> String? {
    guard let latency = one.promisedLatency, let before = base?.promisedLatency else { return nil }
    let text = DurationText.text(latency > before ? latency - before : before - latency)
    return latency == before ? "0" : (latency > before ? "+" : "-") + text
  }

  private var gradeLines: [String] {
    guard let grade = run.grade else { return [] }
    var table = PlanTable(headings: ["in place", "simulated", "measured", "error"], textColumns: 1)
    table.rows = grade.rows.map { [$0.name, $0.simulated, $0.measured, $0.error] }
    return [
      "", "How far to believe it: the setting in place as simulated and as CloudWatch measured it",
      table.text,
    ]
  }

  private static func dollars(_ value: Double) -> String { String(format: "%.2f", value) }
  private static func signed(_ value: Double) -> String { String(format: "%+.2f", value) }
  private static func signed(_ value: Int) -> String {
    (value > 0 ? "+" : "") + PlanText.grouped(value)
  }
}

/// Columns of text at the left, numbers aligned at the right.
struct PlanTable {
  let headings: [String]
  /// How many of the first are text.
  let textColumns: Int
  var rows: [[String]] = []

  init(headings: [String], textColumns: Int) {
    (self.headings, self.textColumns) = (headings, textColumns)
  }

  var text: String {
    let lines = [headings.map { $0.uppercased() }] + rows
    let widths = headings.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { cells in
      cells.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - cells[column].count)
        return column < textColumns ? cells[column] + space : space + cells[column]
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}
