import CapacityPlanner
import Foundation

/// The setting in place as simulated, beside what CloudWatch measured in the same window.
struct PlanGrade {
  struct Figure {
    let name: String
    let unit: String
    let simulated: Double
    let measured: Double

    /// Nil where nothing was measured to divide by.
    var error: Double? { measured == 0 ? nil : simulated / measured - 1 }
  }

  let figures: [Figure]

  init(_ outcome: Outcome, _ measured: MeasuredWindow, endpoint: MeasuredEndpoint?) {
    var figures: [Figure] = []
    func add(_ name: String, _ unit: String, _ simulated: Double, _ measured: Double?) {
      guard let measured else { return }
      figures.append(Figure(name: name, unit: unit, simulated: simulated, measured: measured))
    }
    add("Invocations", "", Double(outcome.invocations), measured.invocations)
    let billed = outcome.billed.onDemandMilliseconds + outcome.billed.provisionedMilliseconds
    add(
      "Mean duration", " ms", Double(billed) / Double(max(1, outcome.invocations)),
      measured.meanMilliseconds)
    add("Most at once", "", Double(outcome.peakConcurrency), measured.peakConcurrency)
    add("Mean concurrency", "", outcome.meanConcurrency, measured.meanConcurrency)
    add("Throttled attempts", "", Double(outcome.throttles.total), measured.throttles)
    if let endpoint, endpoint.serverless == nil {
      let points = outcome.series
      let seconds = points.reduce(0) { $0 + $1.lengthSeconds }
      let instances = points.reduce(0) { $0 + $1.instances * $1.lengthSeconds } / max(1, seconds)
      add("Mean instances", "", instances, endpoint.meanInstances)
    }
    self.figures = figures
  }

  var rows: [GradeRow] {
    figures.map { figure in
      GradeRow(
        name: figure.name, simulated: Self.text(figure.simulated) + figure.unit,
        measured: Self.text(figure.measured) + figure.unit, error: Self.error(figure))
    }
  }

  private static func error(_ figure: Figure) -> String {
    guard let error = figure.error else {
      return figure.simulated == 0 ? "0 %" : "none measured"
    }
    return String(format: "%+.1f %%", error * 100)
  }

  private static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15
      ? PlanText.grouped(Int(value)) : String(format: "%.2f", value)
  }
}
