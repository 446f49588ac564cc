import AWSControl

/// The classes of a model from `labels.txt` in its archive, so that the function's labels and the
/// model's outputs cannot differ.
package struct ModelLabels: Sendable, Equatable {
  /// The function's limit.
  package static let maximumBytes = 1 << 20

  /// In the order of the model's outputs.
  package let names: [String]

  /// The file for `CLASS_LABELS`, one label a line.
  package var file: [UInt8] { Array(names.map { $0 + "\n" }.joined().utf8) }

  /// - Parameter place: for messages.
  init(bytes: [UInt8], place: String) throws(Refusal) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Refusal("\(place) is not UTF-8 text")
    }
    // As the function reads them: a line break after a carriage return is one Character, which "\n" does not equal.
    names = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map(String.init)
      .reversed().drop { $0.isEmpty }.reversed()
    guard names.count > 1 else {
      throw Refusal("\(place) has \(names.count) labels, at least 2 are required")
    }
    if let index = names.firstIndex(where: \.isEmpty) {
      throw Refusal("Line \(index + 1) of \(place) is empty")
    }
  }
}
