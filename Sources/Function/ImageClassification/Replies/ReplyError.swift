import JSON
import Platform

/// The endpoint answered, but not with what can be turned into probabilities. No retry helps.
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

  static let noNumbers = ReplyError("NoNumbers", "the endpoint's reply holds no numbers")

  static func labelCount(values: Int, labels: Int) -> ReplyError {
    ReplyError(
      "LabelCount", "the endpoint's reply has \(values) values and \(labels) labels")
  }

  static func tooManyClasses(limit: Int) -> ReplyError {
    ReplyError(
      "TooManyValues",
      "the endpoint's reply holds far more values than the limit of \(limit) classes. "
        + "MAX_CLASSES raises the limit")
  }

  /// A part of a reply as it may stand in a message: one line, at most `limit` characters.
  static func excerpt(_ text: String, limit: Int = 200) -> String {
    var excerpt = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(limit) {
      excerpt.append(scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar)
    }
    return String(excerpt) + (excerpt.count < text.unicodeScalars.count ? "…" : "")
  }
}
