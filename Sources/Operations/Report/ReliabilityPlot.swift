/// Accuracy by probability: on the dashed line probabilities mean what they say.
package struct ReliabilityPlot {
  package struct Curve {
    let name: String
    /// Of each bin; nil of an empty one.
    let accuracies: [Double?]

    package init(_ name: String, _ accuracies: [Double?]) {
      (self.name, self.accuracies) = (name, accuracies)
    }
  }

  /// Where each bin begins, 0 to 1, and where the last one ends.
  let edges: [Double]
  /// At most two; the last one is the more important.
  let curves: [Curve]
  let explanation: String
  let format: (Double) -> String

  package init(
    edges: [Double], curves: [Curve], explanation: String, format: @escaping (Double) -> String
  ) {
    (self.edges, self.curves, self.explanation, self.format) = (edges, curves, explanation, format)
  }

  package var html: String {
    let middles = zip(edges, edges.dropFirst()).map { ($0 + $1) / 2 }
    let colors = curves.count > 1 ? [2, 1] : [1]
    return LinePlot(
      title: "Accuracy by probability", explanation: explanation,
      series: [.init("as stated", color: 6, style: .dashed, values: middles)]
        + zip(curves, colors).map {
          .init($0.name, color: $1, isStepped: true, values: $0.accuracies)
        }, format: format
    ).html(edges.map { 100 * $0 }, .numbers(0...100) { "\(NumberText.amount($0)) %" })
  }
}
