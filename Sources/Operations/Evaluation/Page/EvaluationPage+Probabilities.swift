import Report

extension EvaluationPage {
  var probabilities: String {
    let calibration = evaluation.calibration
    let reliability = ReliabilityPlot(
      edges: calibration.bins.map(\.lower) + [1],
      curves: [.init("measured", calibration.bins.map(\.accuracy))],
      explanation:
        "Of the photographs whose best class has this probability, the share that is classified "
        + "correctly; on the dashed line probabilities mean what they say.",
      format: NumberText.percent
    ).html
    let bins = HTML.table(
      ["probability", "photographs", "mean probability", "right"],
      calibration.bins.filter { $0.count > 0 }.map { bin in
        .init([
          "\(NumberText.percent(bin.lower)) to \(NumberText.percent(bin.upper))", "\(bin.count)",
          bin.confidence.map(NumberText.percent) ?? "-",
          bin.accuracy.map(NumberText.percent) ?? "-",
        ])
      })
    return HTML.grid([reliability, coverage])
      + HTML.details("Both as tables", bins + coverageTable)
  }

  private var coverage: String {
    let points = evaluation.coverage.points
    // In order of what is accepted, which falls with the threshold.
    let edges = points.map { 100 * $0.threshold } + [100]
    return LinePlot(
      title: "Accuracy against coverage",
      explanation:
        "If only photographs of at least this probability are accepted, and a person looks at the others: "
        + "the share that is accepted, and the share of these that is right.",
      series: [
        .init(
          "accepted", color: 2, style: .dashed, isStepped: true,
          values: points.map(\.accepted.value)),
        .init("right", color: 1, isStepped: true, values: points.map(\.right.value)),
      ], format: NumberText.percent
    ).html(edges, .numbers(0...100) { "\(NumberText.amount($0)) %" })
  }

  private var coverageTable: String {
    HTML.table(
      ["at least", "accepted", "right", "95 % interval"],
      evaluation.coverage.points.map { point in
        .init([
          NumberText.percent(point.threshold), PageParts.percent(point.accepted),
          PageParts.percent(point.right), PageParts.range(point.right.interval),
        ])
      })
  }
}
