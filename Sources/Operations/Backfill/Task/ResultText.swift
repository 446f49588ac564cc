/// The words of the function about a task.
package enum ResultText: Equatable, Sendable {
  case classified(name: String, probability: Double)
  /// A folder, or a result of the function.
  case skipped
  /// For example an image that an asynchronous endpoint accepted.
  case other

  /// `071.German_shepherd_dog 0.93`: split at the last space, since a class may contain spaces.
  package init(_ text: String) {
    if text.utf8.hasSuffix("; skipped".utf8) {
      self = .skipped
      return
    }
    guard let space = text.lastIndex(of: " "), space > text.startIndex,
      let probability = Double(text[text.index(after: space)...]), (0...1).contains(probability)
    else {
      self = .other
      return
    }
    self = .classified(name: String(text[..<space]), probability: probability)
  }

  /// The kind of a failure: the function's error type (`S3.NoSuchKey`), Lambda's for an error of the function
  /// (`Runtime.ExitError`), otherwise the beginning of the text.
  package static func reason(ofFailure text: String, code: String) -> String {
    let opening = "Lambda returned function error: "
    if text.hasPrefix(opening) {
      // Without the quotation mark in front, which a report may have lost.
      let name = "errorType\":"
      if let range = text.range(of: name) {
        let value = text[range.upperBound...].drop { $0 == " " || $0 == "\"" }.prefix {
          $0 != "\"" && $0 != "," && $0 != "}"
        }
        if !value.isEmpty { return "function error \(value)" }
      }
      return text.contains("timed out") ? "function timed out" : "function error"
    }
    let type = text.prefix { $0 != ":" }
    let isType =
      type.contains(".") && type.count < text.count
      && type.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "_") }
    if isType { return String(type) }
    return text.isEmpty ? code : String(text.prefix(60))
  }
}
