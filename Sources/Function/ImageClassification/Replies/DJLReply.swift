/// DJL Serving: `[{"className": "n02123045 tabby", "probability": 0.40}, …]`, the best five.
enum DJLReply {
  static let rows = LabeledRows(label: "className", value: "probability")
}
