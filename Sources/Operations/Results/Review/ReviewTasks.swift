import AWSControl
import JSON

/// Tasks that Label Studio imports, with the model's choice as a prediction.
///
/// Sources: https://labelstud.io/guide/predictions, https://labelstud.io/guide/task_format
package enum ReviewTasks {
  /// The names of the two tags of `labelConfiguration`, to which predictions and annotations refer.
  static let (choices, image) = ("class", "image")

  /// - Parameter url: where Label Studio gets the photograph.
  package static func json(
    _ items: [ReviewSelection.Item], url: (ImageReference) throws -> String
  ) rethrows -> JSONValue {
    .array(try items.map { try task($0.result, url: url($0.result.document.image)).json })
  }

  private static func task(_ result: StoredResult, url: String) -> OperationInput {
    let document = result.document
    let best = document.best
    let data: OperationInput = [
      image: url, "bucket": document.image.bucket, "key": document.image.key,
      "versionId": document.image.versionID, "predicted": best?.label,
      "probability": best?.probability,
    ]
    let choice: OperationInput = [
      "id": "prediction", "from_name": choices, "to_name": image, "type": "choices",
      "value": ["choices": [best?.label ?? ""]] as OperationInput,
    ]
    let prediction: OperationInput = [
      "model_version": document.endpoint + (document.variant.map { "/\($0)" } ?? ""),
      "score": best?.probability, "result": [choice],
    ]
    return ["data": data, "predictions": [prediction]]
  }

  /// Label Studio's labeling interface for these tasks.
  ///
  /// - Parameter classes: the choices, in this order.
  package static func labelConfiguration(_ classes: [String]) -> String {
    let lines = classes.map { "    <Choice value=\"\(XMLAttribute.escaped($0))\"/>" }
    return """
      <View>
        <Image name="\(image)" value="$\(image)"/>
        <Choices name="\(choices)" toName="\(image)" choice="single" required="true" showInline="true">
      \(lines.joined(separator: "\n"))
        </Choices>
      </View>

      """
  }

  /// All classes of the models that gave these results, by name.
  package static func classes(_ items: [ReviewSelection.Item]) -> [String] {
    var labels = Set<String>()
    for item in items {
      labels.formUnion(item.result.document.ranking.map(\.label))
      if let best = item.result.document.best { labels.insert(best.label) }
    }
    return labels.sorted()
  }
}

enum XMLAttribute {
  /// What XML cannot contain in any form becomes U+FFFD.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n", "\r", "\t": result += "&#\(scalar.value);"
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
        result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
