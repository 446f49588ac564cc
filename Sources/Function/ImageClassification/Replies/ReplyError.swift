import JSON
import Platform

/// A reply of the endpoint that cannot be converted to probabilities. A retry cannot help.
struct ReplyError: ReportableError, Equatable {
  /// The second half of the error's type.
  let reason: String
  let message: String

  var errorType: String { "EndpointReply.\(reason)" }

  init(_ reason: String, _ message: String) {
    self.reason = reason
    self.message = message
  }

  static func severalRows(_ count: Int) -> ReplyError {
    ReplyError(
      "SeveralRows",
      "the endpoint's reply has \(count) rows of numbers for one image; one row of one value per class is required"
    )
  }

  static func notANumber(_ index: Int, _ found: String) -> ReplyError {
    ReplyError("NoNumbers", "value \(index) of the endpoint's reply is \(found), not a number")
  }

  static let noNumbers = ReplyError("NoNumbers", "the endpoint's reply has no numbers")

  static func labelCount(values: Int, labels: Int) -> ReplyError {
    ReplyError(
      "LabelCount", "the endpoint's reply has \(values) values and \(labels) labels")
  }

  static func tooManyClasses(limit: Int) -> ReplyError {
    ReplyError(
      "TooManyValues",
      "the endpoint's reply has more values than the limit of \(limit) classes allows. To raise the limit, set MAX_CLASSES"
    )
  }

  /// Text of a reply for a message: one line, at most `limit` characters.
  static func excerpt(_ text: String, limit: Int = 200) -> String {
    var excerpt = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(limit) {
      excerpt.append(scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar)
    }
    return String(excerpt) + (excerpt.count < text.unicodeScalars.count ? "…" : "")
  }
}
