import Foundation
import Report

extension PlanReport {
  /// The length of a point of the plots: a round one, at most 200 of them, and long enough for a percentile to mean
  /// something where the traffic allows 24 points of it.
  package static func pointLength(_ traffic: Traffic) -> Duration {
    let lengths: [Duration] = [
      .seconds(1), .seconds(5), .seconds(10), .seconds(30), .seconds(60), .seconds(300),
      .seconds(600), .seconds(900), .seconds(1800), .seconds(3600), .seconds(7200),
      .seconds(10_800), .seconds(21_600), .seconds(43_200), .seconds(86_400),
    ]
    let points = min(200, max(24, traffic.expectedArrivals / 100))
    return lengths.first { traffic.duration / $0 <= points } ?? .seconds(7 * 86_400)
  }

  private func points(_ outcome: Outcome) -> [SeriesPoint] {
    outcome.series.filter { $0.startSeconds < traffic.duration.inSeconds - 1e-6 }
  }

  /// The course of things; what ended after the traffic is not shown.
  var timePlots: [String] {
    let points = points(outcome)
    guard let last = points.last else { return [] }
    let edges = points.map(\.startSeconds) + [last.startSeconds + last.lengthSeconds]
    let axis = HorizontalAxis.time(
      seconds: traffic.duration.inSeconds, startUnixSeconds: traffic.startUnixSeconds,
      hasDate: traffic.hasDate, timeZone: timeZone,
      format: { DurationText.text(.seconds(Int($0.rounded()))) })
    let before = present.map { self.points($0.outcome) }
    var plots = [arrivals(points), latencies(points, before), concurrency(points, before)]
    if let endpoint = plan.nearest.scenario.endpoint, endpoint.serverless == nil {
      plots.append(instances(points, before))
    }
    plots.append(troubles(points, before))
    return plots.map { $0.html(edges, axis) }
  }

  private func arrivals(_ points: [SeriesPoint]) -> LinePlot {
    let length = DurationText.text(.seconds(points.first?.lengthSeconds ?? 0))
    return LinePlot(
      title: "Arrivals", explanation: "requests per minute, in points of \(length)",
      series: [
        .init(
          "busiest minute", color: 2,
          values: points.map { Double($0.mostArrivalsOfAMinute) }),
        .init(
          "mean", color: 1, style: .area,
          values: points.map { Double($0.arrivals) / max($0.lengthSeconds, 1e-9) * 60 }),
      ], format: NumberText.amount)
  }

  private func concurrency(_ points: [SeriesPoint], _ before: [SeriesPoint]?) -> LinePlot {
    var series = [
      LinePlot.Series("most", color: 2, values: points.map { Double($0.peakConcurrency) }),
      .init("mean", color: 1, style: .area, values: points.map(\.meanConcurrency)),
    ]
    if points.contains(where: { $0.provisioned > 0 }) {
      series.insert(
        .init(
          "provisioned and ready", color: 3, style: .area, isStepped: true,
          values: points.map(\.provisioned)), at: 0)
    }
    if let before, before.contains(where: { $0.provisioned > 0 }) {
      series.append(
        .init(
          "provisioned now", color: 6, style: .dashed, isStepped: true,
          values: before.map(\.provisioned)))
    }
    return LinePlot(
      title: "Concurrency", explanation: "invocations at once", series: series, isWhole: true,
      format: NumberText.amount)
  }

  private func instances(_ points: [SeriesPoint], _ before: [SeriesPoint]?) -> LinePlot {
    var series = [
      LinePlot.Series(
        "instances", color: 3, style: .area, isStepped: true, values: points.map(\.instances))
    ]
    if let before {
      series.append(
        .init(
          "instances now", color: 6, style: .dashed, isStepped: true,
          values: before.map(\.instances)))
    }
    return LinePlot(
      title: "Endpoint", explanation: "instances in service", series: series, isWhole: true,
      format: NumberText.amount)
  }

  private func latencies(_ points: [SeriesPoint], _ before: [SeriesPoint]?) -> LinePlot {
    func values(_ path: KeyPath<SeriesPoint, Duration?>, _ points: [SeriesPoint]) -> [Double?] {
      points.map { $0[keyPath: path]?.inSeconds }
    }
    let level = plan.serviceLevel
    var series = [
      LinePlot.Series("slowest", color: 5, values: values(\.longest, points)),
      .init("p99", color: 2, values: values(\.p99, points), band: band(\.p99, points.count)),
      .init("p50", color: 1, values: values(\.p50, points)),
    ]
    if let before {
      series.append(.init("p99 now", color: 6, style: .dashed, values: values(\.p99, before)))
    }
    return LinePlot(
      title: "Latency", explanation: "of the requests that ended well, by the time of their end",
      series: series, isLogarithmic: true,
      limit: (level.latency.inSeconds, "objective \(DurationText.text(level.latency))"),
      format: { DurationText.text(.seconds($0)) })
  }

  /// From the least to the most of all draws.
  private func band(_ path: KeyPath<SeriesPoint, Duration?>, _ count: Int)
    -> [ClosedRange<Double>?]
  {
    guard outcomes.count > 1 else { return [] }
    return (0..<count).map { index in
      let values = outcomes.compactMap { outcome in
        outcome.series.indices.contains(index)
          ? outcome.series[index][keyPath: path]?.inSeconds : nil
      }.sorted()
      guard let first = values.first, let last = values.last, last > first else { return nil }
      return first...last
    }
  }

  private func troubles(_ points: [SeriesPoint], _ before: [SeriesPoint]?) -> LinePlot {
    var series = [
      LinePlot.Series(
        "cold starts", color: 4, style: .area, isStepped: true,
        values: points.map { Double($0.coldStarts) }),
      .init(
        "refused requests", color: 5, style: .area, isStepped: true,
        values: points.map { Double($0.refused) }),
    ]
    if let before {
      series.append(
        .init(
          "refused now", color: 6, style: .dashed, isStepped: true,
          values: before.map { Double($0.refused) }))
      series.append(
        .init(
          "cold starts now", color: 3, style: .dashed, isStepped: true,
          values: before.map { Double($0.coldStarts) }))
    }
    return LinePlot(
      title: "Cold starts and refused requests",
      explanation:
        "in each point of \(DurationText.text(.seconds(points.first?.lengthSeconds ?? 0)))",
      series: series, isWhole: true, format: NumberText.amount)
  }

  /// Hours by days: a bad hour must not hide in two weeks.
  var hourPlot: String {
    guard traffic.duration > .seconds(6 * 3600), outcome.hours.contains(where: { $0.late > 0 })
    else { return "" }
    var rows: [(day: String, cells: [Double?])] = []
    for hour in outcome.hours {
      let local = localHour(hour.startSeconds)
      if rows.last?.day != local.day {
        rows.append((local.day, Array(repeating: nil, count: 24)))
      }
      rows[rows.count - 1].cells[local.hour] =
        hour.arrivals == 0 ? nil : Double(hour.late) / Double(hour.arrivals)
    }
    let allowed = 1 - plan.serviceLevel.percentile
    return HeatPlot(
      title: "Hours",
      explanation:
        "share of each hour's requests that were slower than \(DurationText.text(plan.serviceLevel.latency)) or did not end well; full color from \(NumberText.share(allowed * 2)) on, \(NumberText.share(allowed)) is allowed",
      rows: rows.suffix(62).map(\.day), columns: (0..<24).map { "\($0)" },
      values: rows.suffix(62).map(\.cells), color: 5, greatest: max(allowed * 2, 1e-6),
      format: NumberText.share
    ).html
  }

  private func localHour(_ seconds: Double) -> (day: String, hour: Int) {
    guard traffic.startUnixSeconds != nil else {
      let hour = Int((seconds / 3600).rounded(.down))
      return ("day \(max(0, hour) / 24 + 1)", max(0, hour) % 24)
    }
    // `Mon 14 Apr 08:30`
    let words = moment(seconds).split(separator: " ")
    let hour = words.last.flatMap { Int($0.prefix(2)) } ?? 0
    return (words.dropLast().joined(separator: " "), hour)
  }
}

extension PlanReport {
  private static let kinds: [(kind: Alternative.Kind, name: String)] = [
    (.nothing, "no setting"), (.provisioned, "provisioned"), (.autoscaled, "autoscaled"),
    (.reserved, "reserved"), (.scheduled, "by the hour"),
  ]

  /// Every alternative's cost against its latency.
  var costPlot: ScatterPlot {
    let level = plan.serviceLevel
    let shown = plan.alternatives.filter { $0.promisedLatency != nil }
    let left = plan.alternatives.count - shown.count
    var labels: [Scenario: String] = [:]
    for kind in Self.kinds {
      guard let best = plan.best(of: kind.kind) else { continue }
      labels[best.scenario] = label(best)
    }
    labels[plan.nearest.scenario] = label(plan.nearest)
    var points = shown.compactMap {
      point($0, label: labels[$0.scenario], isChosen: $0 == plan.nearest)
    }
    let inPlace = present.flatMap { point($0.alternative, label: "in place", isChosen: false) }
    if let inPlace { points.insert(inPlace, at: 0) }
    return ScatterPlot(
      title: "Cost against \(PlanText.percentile(level)) of all requests",
      explanation:
        "\(shown.count) alternatives; the line joins those that nothing beats in both, the ring is the recommended one"
        + (left > 0 ? "; \(left) more leave too many requests unserved to have a latency" : "")
        + (present != nil && inPlace == nil
          ? "; so does the setting in place, which is not shown" : ""),
      groups: Self.kinds.map(\.name), points: points,
      front: plan.paretoFront.compactMap { one in
        one.promisedLatency.map { (max(one.monthlyCost.total, 0.01), $0.inSeconds) }
      },
      limit: (level.latency.inSeconds, "objective \(DurationText.text(level.latency))"),
      xName: "per month", xFormat: { "$\(NumberText.amount($0))" },
      yFormat: { DurationText.text(.seconds($0)) })
  }

  private func label(_ alternative: Alternative) -> String {
    let endpoint = alternative.endpointSummary.map { " + \($0)" } ?? ""
    return alternative.functionSummary + endpoint
  }

  private func point(_ one: Alternative, label: String?, isChosen: Bool) -> ScatterPlot.Point? {
    guard let latency = one.promisedLatency else { return nil }
    return ScatterPlot.Point(
      x: max(one.monthlyCost.total, 0.01), y: latency.inSeconds,
      group: Self.kinds.firstIndex { $0.kind == one.kind } ?? 0,
      tooltip:
        "\(one)\n\(NumberText.dollars(one.monthlyCost.total)) per month, \(DurationText.text(latency)), \(PlanText.refused(one))",
      label: label, isChosen: isChosen)
  }
}
