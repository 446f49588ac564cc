import AWSControl
import CapacityPlanner
import Foundation
import JSON
import Prices

/// A plan as text and as JSON.
struct PlanListing {
  let plan: Plan
  let steps: PlanSteps
  let traffic: Traffic
  let prices: PriceList
  let showsAll: Bool

  var text: String {
    let shown = showsAll ? plan.alternatives : plan.highlights
    var lines = [
      plan.recommendation, "", table(shown),
      "* the \(plan.best == nil ? "nearest" : "recommended") one; dollars a month of 730 h, prices of "
        + "\(prices.region), \(prices.date); \(plan.alternatives.count) alternatives were simulated, "
        + "\(shown.count) are shown", "", "Set it with",
    ]
    lines += steps.commands.map { "  " + $0.replacingOccurrences(of: "\n", with: "\n  ") }
    lines += ["or with these parameters of template.yaml", "  \(steps.parameterOverrides)"]
    lines += steps.notes.map { "\($0)." }
    return lines.joined(separator: "\n")
  }

  private func table(_ alternatives: [Alternative]) -> String {
    let hasEndpoint = plan.nearest.scenario.endpoint != nil
    var table = PlanTable(
      headings: ["", "function"] + (hasEndpoint ? ["instances"] : []) + [
        "month", "requests", "duration", "provisioned",
      ] + (hasEndpoint ? ["endpoint"] : []) + [
        "p50", "p99", "p99.9", "cold", "throttled", "failed", "lost", "promise",
      ], textColumns: hasEndpoint ? 3 : 2)
    for alternative in alternatives {
      let cost = alternative.monthlyCost
      let counts = alternative.counts
      table.rows.append(
        [alternative == plan.nearest ? "*" : " ", alternative.functionSummary]
          + (hasEndpoint ? [alternative.endpointSummary ?? "-"] : [])
          + [
            cost.total, cost.requests, cost.onDemandDuration + cost.provisionedDuration,
            cost.provisionedConcurrency,
          ].map(Self.dollars)
          + (hasEndpoint ? [Self.dollars(cost.endpointInstances)] : [])
          + [alternative.p50, alternative.p99, alternative.p999].map {
            $0.map(DurationText.text) ?? "-"
          }
          + [String(format: "%.2f %%", alternative.coldShare * 100)]
          + [counts.throttled, counts.failed, counts.lost].map(String.init)
          + [alternative.meetsServiceLevel ? "kept" : "missed"])
    }
    return table.text
  }

  private static func dollars(_ value: Double) -> String { String(format: "%.2f", value) }

  func json(notices: [String]) -> OperationInput {
    let level = plan.serviceLevel
    return [
      "recommendation": plan.recommendation, "meetsServiceLevel": plan.best != nil,
      "serviceLevel": [
        "percentile": level.percentile, "milliseconds": Self.milliseconds(level.latency),
      ] as OperationInput,
      "traffic": [
        "arrivals": traffic.expectedArrivals, "seconds": traffic.duration / .seconds(1),
        "startUnixSeconds": traffic.startUnixSeconds, "meanPerSecond": traffic.meanRatePerSecond,
        "peakPerSecond": traffic.peakRatePerSecond,
      ] as OperationInput,
      "prices": ["region": prices.region, "date": prices.date] as OperationInput,
      "recommended": json(plan.nearest),
      "alternatives": plan.alternatives.map(json), "commands": steps.commands,
      "templateParameters": Dictionary(
        steps.parameters.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }),
      "notes": steps.notes, "notices": notices,
    ]
  }

  private func json(_ alternative: Alternative) -> OperationInput {
    let cost = alternative.monthlyCost
    let counts = alternative.counts
    return [
      "kind": alternative.kind.rawValue, "settings": alternative.description,
      "function": alternative.functionSummary, "endpoint": alternative.endpointSummary,
      "keepsPromise": alternative.meetsServiceLevel,
      "isOnFront": plan.paretoFront.contains(alternative),
      "monthlyCost": [
        "total": cost.total, "requests": cost.requests, "onDemandDuration": cost.onDemandDuration,
        "provisionedConcurrency": cost.provisionedConcurrency,
        "provisionedDuration": cost.provisionedDuration,
        "endpointInstances": cost.endpointInstances,
      ] as OperationInput,
      "promisedMilliseconds": alternative.promisedLatency.map(Self.milliseconds),
      "p50Milliseconds": alternative.p50.map(Self.milliseconds),
      "p99Milliseconds": alternative.p99.map(Self.milliseconds),
      "p999Milliseconds": alternative.p999.map(Self.milliseconds),
      "coldShare": alternative.coldShare, "unservedShare": alternative.unservedShare,
      "arrivals": counts.arrivals, "completed": counts.completed,
      "throttledAttempts": counts.throttles, "throttled": counts.throttled,
      "failed": counts.failed, "lost": counts.lost, "coldStarts": counts.coldStarts,
      "peakConcurrency": counts.peakConcurrency,
    ]
  }

  private static func milliseconds(_ duration: Duration) -> Double { duration / .milliseconds(1) }
}

/// Columns of text at the left, numbers aligned at the right.
struct PlanTable {
  let headings: [String]
  /// So many of the first are text.
  let textColumns: Int
  var rows: [[String]] = []

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
