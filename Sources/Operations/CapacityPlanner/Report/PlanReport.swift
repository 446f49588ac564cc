import Foundation
import Prices
import Report

/// A plan as one page: recommendation, plots, comparison, commands.
package struct PlanReport: Sendable {
  package var title: String
  package var plan: Plan
  /// The recommended alternative (or the nearest) with a series of points, on several draws; the first is drawn, the
  /// others are its band of uncertainty.
  package var outcomes: [Outcome]
  package var traffic: Traffic
  package var timeZone = TimeZone.gmt
  /// The setting that is in place, and its course.
  package var present: (alternative: Alternative, outcome: Outcome)?
  /// Other settings that were asked about, with their names.
  package var whatIfs: [(name: String, alternative: Alternative)] = []
  /// What a simulation of the present setting says beside what was measured.
  package var grade: [GradeRow] = []
  /// What hangs on assumptions, a sentence each.
  package var sensitivity: [String] = []
  /// What to know of the trace, a sentence each.
  package var warnings: [String] = []
  package var steps: PlanSteps
  /// What was put in and assumed, name and value.
  package var inputs: [(name: String, value: String)]
  package var prices: PriceList

  /// - Parameter outcomes: at least one.
  package init(
    title: String, plan: Plan, outcomes: [Outcome], traffic: Traffic, steps: PlanSteps,
    inputs: [(name: String, value: String)], prices: PriceList
  ) {
    (self.title, self.plan, self.outcomes, self.traffic) = (title, plan, outcomes, traffic)
    (self.steps, self.inputs, self.prices) = (steps, inputs, prices)
  }

  var outcome: Outcome { outcomes[0] }

  package var html: String {
    var page = Page(title: title, kicker: title, headline: plan.recommendation)
    page.sections.append(tiles + HTML.list(warnings))
    if let comparison { page.add("What you have, and what it would save", comparison) }
    page.add("What happens with it", HTML.grid(timePlots) + hourPlot)
    page.add("What it competes with", costPlot.html + alternatives)
    if !grade.isEmpty {
      page.add(
        "How far to believe it",
        HTML.paragraph(
          "The setting that is in place, as simulated and as CloudWatch measured it in the same time."
        )
          + HTML.table(
            ["", "Simulated", "Measured", "Error"],
            grade.map { HTML.Row([$0.name, $0.simulated, $0.measured, $0.error]) }))
    }
    if !sensitivity.isEmpty {
      page.add("What hangs on assumptions", HTML.list(sensitivity))
    }
    page.add(
      "How to set it",
      HTML.code(steps.commands) + HTML.paragraph("Or as parameters of template.yaml:")
        + HTML.code(
          steps.parameters.map { "\($0.name)=\($0.value.isEmpty ? "\"\"" : $0.value)" })
        + HTML.list(steps.notes.map { $0 + "." }))
    page.add(
      "What was put in",
      HTML.definitions(inputs)
        + HTML.paragraph(
          "Prices of \(prices.region), \(prices.date). A month has 730 hours. Each alternative was simulated request by request on the same arrivals; the traffic's beginning ran once before it, uncounted, so that pools and alarms are as in the middle of such traffic.",
          isSmall: true))
    return page.html
  }

  private var tiles: String {
    let best = plan.nearest
    let level = plan.serviceLevel
    let certainty = best.certainty
    var tiles = [
      HTML.Tile("Cost", NumberText.dollars(best.monthlyCost.total), "per month"),
      HTML.Tile(
        PlanText.percentile(level), Self.time(certainty?.middle ?? best.promisedLatency),
        verdict(best),
        certainty?.verdict == .yes
          ? .good : best.meetsServiceLevel && certainty == nil ? .good : .bad),
      HTML.Tile(
        "Refused", NumberText.share(best.refusedShare),
        "\(PlanText.grouped(best.counts.refused)) of \(PlanText.grouped(best.counts.arrivals)) requests",
        best.counts.refused == 0 ? .good : .bad),
      HTML.Tile(
        "Cold starts", NumberText.share(best.coldShare),
        "of \(PlanText.grouped(outcome.invocations)) invocations"),
      HTML.Tile(
        "Concurrency", "\(outcome.peakConcurrency)",
        "at most, \(String(format: "%.2g", outcome.meanConcurrency)) on average"),
    ]
    if let worst = certainty?.hours.worst {
      tiles.append(
        HTML.Tile(
          "Worst hour", Self.time(worst.latency),
          "\(PlanText.percentile(level)) of \(PlanText.grouped(worst.arrivals)) requests, \(moment(worst.startSeconds))",
          (certainty?.hours.missed ?? 0) == 0 ? .good : .bad))
    }
    return HTML.tiles(tiles)
  }

  private func verdict(_ alternative: Alternative) -> String {
    let objective = "objective \(DurationText.text(plan.serviceLevel.latency))"
    guard let certainty = alternative.certainty else { return objective }
    guard let interval = certainty.interval else {
      return "\(objective); SLO met: \(certainty.verdict.rawValue)"
    }
    return
      "\(DurationText.text(interval.lowerBound)) to \(DurationText.text(interval.upperBound)) (95 %), \(objective); SLO met: \(certainty.verdict.rawValue)"
  }

  /// `Mon 14 Apr 08:00`
  package func moment(_ seconds: Double) -> String {
    HorizontalAxis.time(
      seconds: traffic.duration.inSeconds, startUnixSeconds: traffic.startUnixSeconds,
      hasDate: traffic.hasDate, timeZone: timeZone,
      format: { DurationText.text(.seconds(Int($0.rounded()))) }
    ).name(seconds)
  }

  static func time(_ duration: Duration?) -> String { duration.map(DurationText.text) ?? "–" }

  private var comparison: String? {
    guard present != nil || !whatIfs.isEmpty else { return nil }
    let base = present?.alternative
    var rows: [HTML.Row] = []
    func add(_ name: String, _ one: Alternative, isMarked: Bool = false) {
      let saved = base.map { one.monthlyCost.total - $0.monthlyCost.total }
      rows.append(
        HTML.Row(
          [
            name, one.description, NumberText.dollars(one.monthlyCost.total),
            saved.map { ($0 > 0 ? "+" : "") + NumberText.dollars($0) } ?? "–",
            Self.time(one.promisedLatency), PlanText.grouped(one.counts.refused),
            Self.sloMet(one),
          ], isMarked: isMarked))
    }
    if let base { add("in place", base) }
    add(plan.best == nil ? "nearest" : "recommended", plan.nearest, isMarked: true)
    for whatIf in whatIfs { add("what if \(whatIf.name)", whatIf.alternative) }
    return HTML.table(
      [
        "", "Settings", "$/month", "Difference", PlanText.percentile(plan.serviceLevel), "Refused",
        "SLO met",
      ],
      rows, textColumns: 2)
  }

  /// `yes`, `no`, `too close to call`; of what was drawn only once, that too.
  package static func sloMet(_ alternative: Alternative) -> String {
    if !alternative.meetsServiceLevel, alternative.meetsLatency, alternative.counts.refused > 0,
      alternative.certainty?.verdict != .no
    {
      return "no, it refuses requests"
    }
    return alternative.certainty?.verdict.rawValue
      ?? (alternative.meetsServiceLevel ? "yes, by 1 draw" : "no, by 1 draw")
  }

  private var alternatives: String {
    let hasEndpoint = plan.nearest.scenario.endpoint != nil
    let headings =
      ["Function"] + (hasEndpoint ? ["Endpoint"] : []) + [
        "$/month", "Requests", "Duration", "Provisioned",
      ] + (hasEndpoint ? ["Endpoint"] : []) + [
        "p50", "p99", "p99.9", "SLO met", "Cold", "Refused",
      ]
    let rows = plan.highlights.map { alternative in
      let cost = alternative.monthlyCost
      let cells =
        [alternative.functionSummary] + (hasEndpoint ? [alternative.endpointSummary ?? ""] : [])
        + [
          NumberText.dollars(cost.total), NumberText.dollars(cost.requests),
          NumberText.dollars(cost.onDemandDuration + cost.provisionedDuration),
          NumberText.dollars(cost.provisionedConcurrency),
        ] + (hasEndpoint ? [NumberText.dollars(cost.endpoint)] : [])
        + [
          Self.time(alternative.p50), Self.time(alternative.p99), Self.time(alternative.p999),
          Self.sloMet(alternative), NumberText.share(alternative.coldShare),
          PlanText.grouped(alternative.counts.refused),
        ]
      return HTML.Row(cells, isMarked: alternative == plan.nearest)
    }
    return HTML.table(headings, rows, textColumns: hasEndpoint ? 2 : 1)
  }
}

/// A figure of the setting in place, simulated and measured.
package struct GradeRow: Sendable, Hashable {
  package let name: String
  package let simulated: String
  package let measured: String
  /// `+4 %`
  package let error: String

  package init(name: String, simulated: String, measured: String, error: String) {
    (self.name, self.simulated, self.measured, self.error) = (name, simulated, measured, error)
  }
}
