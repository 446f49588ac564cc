import JSON
import Platform

/// Why an event cannot be read: which field of it, and what is accepted.
public struct EventError: ReportableError, Equatable, Sendable {
  /// `Event.NotJSON`, `Event.Unknown`, `Event.NoRecords`, `Event.MissingField`,
  /// `Event.MalformedField`, `Event.MalformedKey`, `Event.MissingBucket` or
  /// `Event.UnsupportedVersion`.
  public let errorType: String
  /// Names the field, as in `Records[1].s3.object.key is missing`.
  public let message: String
  /// Whether the event is a console form, so that a person waits for an answer of the proxy shape;
  /// any other event must fail as an invocation, so that it is not taken for done.
  public let isConsoleRequest: Bool

  init(_ reason: Reason, _ message: String, isConsoleRequest: Bool = false) {
    errorType = "Event.\(reason.rawValue)"
    self.message = message
    self.isConsoleRequest = isConsoleRequest
  }

  enum Reason: String {
    case notJSON = "NotJSON"
    case unknown = "Unknown"
    case noRecords = "NoRecords"
    case missingField = "MissingField"
    case malformedField = "MalformedField"
    case malformedKey = "MalformedKey"
    case missingBucket = "MissingBucket"
    case unsupportedVersion = "UnsupportedVersion"
  }

  /// For the end of a message about an event of no known shape.
  static let acceptedShapes = """
    accepted are an S3 notification {"Records": [...]}, an s3:TestEvent, {"bucket": "...", "key": "..."}, \
    {"key": "..."}, {"url": "s3://BUCKET/KEY"}, {"url": "https://..."} and {"url": "KEY"}
    """

  /// Text from the event as it may stand in a message: in quotes, control characters escaped, cut
  /// to 1,024 characters (the longest key has that many bytes).
  static func quoted(_ text: String) -> String {
    var writer = JSONWriter()
    let start = text.unicodeScalars.prefix(1024)
    writer.string(start.endIndex < text.endIndex ? String(start) + "…" : text)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
