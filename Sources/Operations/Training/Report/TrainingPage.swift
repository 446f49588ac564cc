import Foundation
import Report

/// report.json as a page: what the model can do, where it fails, and whether its probabilities mean
/// something.
package struct TrainingPage {
  private static let maximumSkipped = 50

  let report: TrainingReport
  /// Thumbnails of photographs by their path, as `data:` addresses.
  let thumbnails: [String: String]

  package init(_ report: TrainingReport, thumbnails: [String: String]) {
    self.report = report
    self.thumbnails = thumbnails
  }

  package var html: String {
    let arguments = report.arguments
    var page = Page(
      title: "Training: \(arguments.architecture)", kicker: "Training report", headline: headline)
    page.add("Result", HTML.tiles(tiles))
    page.add("Epochs", HTML.grid(curves))
    if let test = report.test {
      page.add("Worst confusions", worst(test))
      page.add("Confusion matrix", confusion(test))
      page.add("Classes", recalls(test))
    }
    if let calibration = report.calibration { page.add("Calibration", reliability(calibration)) }
    page.add("Settings", HTML.definitions(settings) + skipped)
    return page.html
  }

  // MARK: Result

  private var headline: String {
    guard let test = report.test else {
      return "Trained without held-out test photographs: its accuracy is unknown"
    }
    let count = Self.photographs(test)
    return
      "\(Self.percent(test.accuracy)) of \(count) held-out photographs are classified correctly"
      + " (95 % interval: \(Self.range(test.interval)))"
  }

  private var tiles: [HTML.Tile] {
    var tiles: [HTML.Tile] = []
    if let test = report.test {
      tiles.append(
        .init(
          "Accuracy", Self.percent(test.accuracy),
          "\(Self.range(test.interval)), \(Self.photographs(test)) photographs"))
      if let top5 = test.top5 {
        tiles.append(.init("Top 5", Self.percent(top5.accuracy), Self.range(top5.interval)))
      }
    }
    let best = report.history.first { $0.epoch == report.bestEpoch }
    tiles.append(
      .init(
        "Best epoch", "\(report.bestEpoch) of \(report.history.count)",
        best.map { "validation loss \(Self.number($0.validationLoss))" } ?? ""))
    let counts = report.classes.values.reduce((0, 0, 0)) {
      ($0.0 + $1.train, $0.1 + $1.validation, $0.2 + $1.test)
    }
    tiles.append(
      .init(
        "Photographs", "\(counts.0 + counts.1 + counts.2)",
        "\(counts.0) train, \(counts.1) validation, \(counts.2) test"))
    if let calibration = report.calibration, let shown = calibration.test ?? nil {
      tiles.append(
        .init(
          "Calibration error", Self.percent(shown.after.ece),
          "\(Self.percent(shown.before.ece)) before temperature scaling"))
    }
    tiles.append(.init("Duration", Self.duration(report.seconds), report.device))
    return tiles
  }

  // MARK: Epochs

  private var curves: [String] {
    let history = report.history
    let last = Double(history.last?.epoch ?? 1)
    // A value stands in the middle of its part of the axis.
    let edges = (history.map { Double($0.epoch) - 0.5 }) + [last + 0.5]
    let axis = HorizontalAxis.numbers(0.5...(last + 0.5)) { NumberText.amount($0) }
    func plot(
      _ title: String, _ train: (TrainingReport.Epoch) -> Double,
      _ validation: (TrainingReport.Epoch) -> Double, _ format: @escaping (Double) -> String
    ) -> String {
      LinePlot(
        title: title,
        explanation: "By epoch; the weights of epoch \(report.bestEpoch) are kept.",
        series: [
          .init("training", color: 2, style: .dashed, values: history.map(train)),
          .init("validation", color: 1, values: history.map(validation)),
        ], format: format
      ).html(edges, axis)
    }
    return [
      plot("Loss", \.trainLoss, \.validationLoss, Self.number),
      plot("Accuracy", \.trainAccuracy, \.validationAccuracy, Self.percent),
    ]
  }

  // MARK: Mistakes

  private func worst(_ test: TrainingReport.Test) -> String {
    guard !test.worst.isEmpty else {
      return HTML.paragraph("No held-out photograph is classified wrongly.")
    }
    return HTML.paragraph(
      "Held-out photographs that the model is wrong about, the most confident mistakes first.")
      + Gallery(
        test.worst.map { mistake in
          Gallery.Picture(
            source: thumbnails[mistake.file], title: "\(mistake.class) → \(mistake.predicted)",
            lines: [
              "\(Self.percent(mistake.probability)) \(mistake.predicted), "
                + "\(Self.percent(mistake.classProbability)) \(mistake.class)",
              // Split, class, and name.
              mistake.file.split(separator: "/").suffix(3).joined(separator: "/"),
            ])
        }
      ).html
  }

  private func confusion(_ test: TrainingReport.Test) -> String {
    ConfusionPlot(
      classes: test.classes.map(\.class),
      cells: test.confusion.enumerated().flatMap { row, counts in
        counts.enumerated().map { .init(truth: row, predicted: $0, count: $1) }
      }
    ).html
  }

  private func recalls(_ test: TrainingReport.Test) -> String {
    let rows = test.classes.sorted {
      ($0.recall ?? 2, $0.class) < ($1.recall ?? 2, $1.class)
    }
    return HTML.paragraph(
      "Recall: share of a class's held-out photographs that are classified correctly; the lowest first. "
        + "With few photographs the 95 % interval is wide.")
      + HTML.table(
        ["class", "recall", "95 % interval", "right", "test", "validation", "train"],
        rows.map { row in
          let counts = report.classes[row.class]
          return .init([
            row.class, row.recall.map(Self.percent) ?? "-", row.interval.map(Self.range) ?? "-",
            "\(row.right)", "\(row.photographs)", "\(counts?.validation ?? 0)",
            "\(counts?.train ?? 0)",
          ])
        })
  }

  // MARK: Calibration

  private func reliability(_ calibration: TrainingReport.Calibration) -> String {
    let (shown, name) =
      calibration.test.map { ($0, "test") } ?? (calibration.validation, "validation")
    let bins = shown.after.bins
    let plot = ReliabilityPlot(
      edges: bins.map(\.from) + [1],
      curves: [
        .init("before", shown.before.bins.map(\.accuracy)),
        .init("after temperature scaling", bins.map(\.accuracy)),
      ],
      explanation:
        "Of the \(name) photographs whose best class has this probability, the share that is "
        + "classified correctly; on the dashed line probabilities mean what they say.",
      format: Self.percent
    ).html
    let temperature = report.temperature.map(Self.number) ?? "1"
    return HTML.paragraph(
      "Logits are divided by the temperature \(temperature), fitted on \(calibration.photographs) validation "
        + "photographs. The order of the classes stays the same. Expected calibration error on \(name): "
        + "\(Self.percent(shown.before.ece)) before, \(Self.percent(shown.after.ece)) after.")
      + plot
  }

  // MARK: Settings

  private var settings: [(name: String, value: String)] {
    let arguments = report.arguments
    return [
      (
        "architecture",
        arguments.architecture + (arguments.freezeBackbone ? ", frozen backbone" : "")
      ),
      ("weights", report.weights), ("epochs", "\(arguments.epochs)"),
      ("batch size", "\(arguments.batchSize)"), ("learning rate", "\(arguments.learningRate)"),
      ("seed", "\(arguments.seed)"), ("torch", report.torch), ("device", report.device),
      ("duplicates left out", "\(report.duplicates)"),
      ("damaged files skipped", "\(report.skipped.count)"),
    ]
  }

  private var skipped: String {
    guard !report.skipped.isEmpty else { return "" }
    let rest = report.skipped.count - Self.maximumSkipped
    return HTML.list(
      report.skipped.prefix(Self.maximumSkipped).map { "\($0.file): \($0.reason)" }
        + (rest > 0 ? ["and \(rest) more"] : []))
  }

  // MARK: Text

  private static func photographs(_ test: TrainingReport.Test) -> Int {
    test.classes.reduce(0) { $0 + $1.photographs }
  }

  private static func percent(_ share: Double) -> String { NumberText.percent(share) }
  private static func number(_ value: Double) -> String { String(format: "%.3g", unsigned(value)) }

  /// A tick at zero may be the negative one.
  private static func unsigned(_ value: Double) -> Double { value == 0 ? 0 : value }

  private static func range(_ interval: [Double]) -> String {
    guard interval.count == 2 else { return "-" }
    return String(format: "%.0f–%.0f %%", 100 * interval[0], 100 * interval[1])
  }

  private static func duration(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    return whole < 120 ? "\(whole) s" : whole < 7200 ? "\(whole / 60) min" : "\(whole / 3600) h"
  }
}
