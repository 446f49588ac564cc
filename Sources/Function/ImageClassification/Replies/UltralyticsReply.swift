/// `summary` and `to_json` of Ultralytics: `[{"name": "tabby", "class": 281, "confidence": 0.91234}, …]`, the best
/// five.
enum UltralyticsReply {
  static let rows = LabeledRows(label: "name", value: "confidence", index: "class")
}
