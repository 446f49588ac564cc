import Report

extension EvaluationPage {
  var confusion: String {
    ConfusionPlot(
      classes: evaluation.classes,
      cells: evaluation.confusion.cells.map {
        .init(truth: $0.cell.truth, predicted: $0.cell.predicted, count: $0.count)
      }
    ).html
  }

  var classes: String {
    let scores = evaluation.scores
    var rows = scores.rows.sorted {
      ($0.f1, evaluation.classes[$0.index]) < ($1.f1, evaluation.classes[$1.index])
    }.map { row in
      HTML.Row([
        evaluation.classes[row.index], row.precision.map(NumberText.percent) ?? "-",
        row.recall.map(NumberText.percent) ?? "-", NumberText.percent(row.f1), "\(row.right)",
        "\(row.support)", "\(row.predicted)",
      ])
    }
    for (name, means) in [("macro mean", scores.macro), ("weighted mean", scores.weighted)] {
      guard let means else { continue }
      rows.append(
        .init(
          [name] + [means.precision, means.recall, means.f1].map(NumberText.percent)
            + ["", "", ""], isMarked: true))
    }
    let undefined = scores.undefined
    return HTML.paragraph(
      "The lowest F1 first. Classes that are neither a label nor a prediction are left out. A dash is undefined and "
        + "counts as 0 in the means: \(undefined.precision) × precision (never predicted), "
        + "\(undefined.recall) × recall (never a label).")
      + HTML.table(
        ["class", "precision", "recall", "F1", "right", "labeled", "predicted"], rows)
  }
}
