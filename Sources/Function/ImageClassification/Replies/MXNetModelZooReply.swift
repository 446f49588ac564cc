/// Models of MXNet's model zoo in Multi Model Server: `[{"probability": 0.85, "class": "n02124075 Egyptian cat"}, …]`,
/// the best five; symbol models put raw scores there.
enum MXNetModelZooReply {
  static let rows = LabeledRows(label: "class", value: "probability")
}
