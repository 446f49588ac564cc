import Foundation

/// Hyperparameters of train.py; nil uses its default.
package struct Hyperparameters: Sendable, Equatable {
  package enum Architecture: String, Sendable, CaseIterable {
    case resnet50, resnet18
    case efficientnetLite0 = "efficientnet_lite0"
  }

  package var architecture = Architecture.resnet50
  /// Passes over the training photographs, 1 or more.
  package var epochs = 20
  /// Photographs a step, 1 to 4,096.
  package var batchSize: Int?
  /// Learning rate of the first epoch, above 0.
  package var learningRate: Double?
  package var freezesBackbone = false
  /// Epochs without a lower validation loss before training ends; 0 never ends it early.
  package var patience: Int?
  package var seed: Int?
  /// `none` starts with random weights; a path loads pretrained ones.
  package var weights: String?

  package init() {}

  /// Name and value pairs, as train.py's options without their hyphens.
  package var values: [(name: String, value: String)] {
    let all: [(String, String?)] = [
      ("architecture", architecture.rawValue), ("epochs", String(epochs)),
      ("batch-size", batchSize.map(String.init)),
      ("learning-rate", learningRate.map { String($0) }),
      ("freeze-backbone", freezesBackbone ? "true" : nil), ("patience", patience.map(String.init)),
      ("seed", seed.map(String.init)), ("weights", weights),
    ]
    return all.compactMap { name, value in value.map { (name, $0) } }
  }

  package var arguments: [String] { values.flatMap { ["--\($0.name)", $0.value] } }

  /// The format of SageMaker's training toolkit: each value is JSON, so that a string has quotation
  /// marks.
  var sageMakerValues: [String: String] {
    Dictionary(
      values.map { name, value in (name, Self.json(value)) }, uniquingKeysWith: { $1 })
  }

  static func json(_ text: String) -> String {
    if text == "true" || text == "false" || Double(text) != nil { return text }
    let escaped = text.replacingOccurrences(of: "\\", with: "\\\\")
      .replacingOccurrences(of: "\"", with: "\\\"")
    return "\"\(escaped)\""
  }
}
