import JSON

/// The form of Rekognition: `{"CustomLabels": [{"Name": "cat", "Confidence": 97.3}]}`, in percent, only what is above
/// a threshold.
enum RekognitionReply {
  private static let rows = LabeledRows(label: "Name", value: "Confidence", meaning: .percent)

  static func read(_ node: JSONNode, _ reader: ReplyReader) throws(ReplyError) -> EndpointReply? {
    guard let list = node["CustomLabels"] ?? node["Labels"] else {
      return try rows.read(node, reader)
    }
    if list.elements?.isEmpty == true {
      throw ReplyError(
        "NoNumbers", "the endpoint's reply names no label: none was above its threshold")
    }
    return try rows.read(list, reader)
  }
}
