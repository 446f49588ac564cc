/// Hugging Face's inference toolkit: `[{"label": "tabby", "score": 0.91}, …]`, the best five unless `top_k` is set.
enum HuggingFaceReply {
  static let rows = LabeledRows(label: "label", value: "score")
}
