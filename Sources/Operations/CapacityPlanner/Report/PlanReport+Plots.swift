extension PlanReport {
  /// The course of things: what ended after the traffic is not shown.
  var timePlots: String {
    let length = traffic.duration.inSeconds
    let points = outcome.series.filter { $0.startSeconds < length }
    guard let last = points.last else { return "" }
    let times = points.map(\.startSeconds) + [last.startSeconds + last.lengthSeconds]
    let axis = TimeTicks(seconds: length, startUnixSeconds: traffic.startUnixSeconds)
    var plots = [arrivals(points), concurrency(points)]
    if plan.nearest.scenario.endpoint != nil { plots.append(instances(points)) }
    plots.append(latencies(points))
    return plots.map { $0.html(times, axis) }.joined(separator: "\n")
  }

  private func arrivals(_ points: [SeriesPoint]) -> TimePlot {
    let scale = points.map { max($0.lengthSeconds, 1e-9) }
    var series = [
      TimePlot.Series(
        name: "arrivals", colour: 1, isArea: true,
        values: zip(points, scale).map { Double($0.arrivals) / $1 })
    ]
    if outcome.throttles.total > 0 {
      series.append(
        .init(
          name: "throttled attempts", colour: 5,
          values: zip(points, scale).map { Double($0.throttles) / $1 }))
    }
    return TimePlot(
      title: "Arrivals", explanation: "a second, over points of \(pointLength(points))",
      series: series, format: Page.amount)
  }

  private func concurrency(_ points: [SeriesPoint]) -> TimePlot {
    var series = [
      TimePlot.Series(name: "most", colour: 2, values: points.map { Double($0.peakConcurrency) }),
      .init(name: "mean", colour: 1, isArea: true, values: points.map(\.meanConcurrency)),
    ]
    if points.contains(where: { $0.provisioned > 0 }) {
      series.insert(
        .init(
          name: "provisioned and ready", colour: 3, isArea: true, isStepped: true,
          values: points.map(\.provisioned)), at: 0)
    }
    return TimePlot(
      title: "Concurrency", explanation: "invocations at once", series: series, isWhole: true,
      format: Page.amount)
  }

  private func instances(_ points: [SeriesPoint]) -> TimePlot {
    TimePlot(
      title: "Endpoint", explanation: "instances in service",
      series: [
        .init(
          name: "instances", colour: 3, isArea: true, isStepped: true,
          values: points.map(\.instances))
      ], isWhole: true, format: Page.amount)
  }

  private func latencies(_ points: [SeriesPoint]) -> TimePlot {
    func values(_ path: KeyPath<SeriesPoint, Duration?>) -> [Double?] {
      points.map { $0[keyPath: path]?.inSeconds }
    }
    let level = plan.serviceLevel
    return TimePlot(
      title: "Latency", explanation: "of the requests that ended well, by the time of their end",
      series: [
        .init(name: "slowest", colour: 5, values: values(\.longest)),
        .init(name: "p99", colour: 2, values: values(\.p99)),
        .init(name: "p50", colour: 1, values: values(\.p50)),
      ], isLogarithmic: true,
      limit: (level.latency.inSeconds, "the promise, \(DurationText.text(level.latency))"),
      format: { DurationText.text(.seconds($0)) })
  }

  private func pointLength(_ points: [SeriesPoint]) -> String {
    DurationText.text(.seconds(points.first?.lengthSeconds ?? 0))
  }
}
