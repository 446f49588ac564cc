import JSON
import Platform

/// Why an event, or a part of it, cannot be read: which field of it, and what is accepted.
public struct EventError: ReportableError, Equatable, Sendable {
  /// `Event.NotJSON`, `Event.Unknown`, `Event.NoRecords`, `Event.TooManyRecords`,
  /// `Event.MissingField`, `Event.MalformedField`, `Event.MalformedKey`, `Event.MissingBucket`,
  /// `Event.UnsupportedVersion`, and of an HTTP request `Event.MethodNotAllowed`,
  /// `Event.MissingBody` or `Event.UnsupportedMediaType`.
  public let errorType: String
  /// Names the field, as in `Records[1].s3.object.key is missing`.
  public let message: String
  /// Whether the event is a console form or an HTTP request, so that somebody waits for an answer
  /// of the proxy shape; any other event must fail as an invocation, so that it is not taken for
  /// done.
  public let isConsoleRequest: Bool

  init(_ reason: Reason, _ message: String, isConsoleRequest: Bool = false) {
    errorType = "Event.\(reason.rawValue)"
    self.message = message
    self.isConsoleRequest = isConsoleRequest
  }

  /// Status of the answer where somebody waits for one: 405, 415 or 400.
  public var httpStatus: Int {
    switch errorType {
    case "Event.\(Reason.methodNotAllowed.rawValue)": 405
    case "Event.\(Reason.unsupportedMediaType.rawValue)": 415
    default: 400
    }
  }

  enum Reason: String {
    case notJSON = "NotJSON"
    case unknown = "Unknown"
    case noRecords = "NoRecords"
    case tooManyRecords = "TooManyRecords"
    case missingField = "MissingField"
    case malformedField = "MalformedField"
    case malformedKey = "MalformedKey"
    case missingBucket = "MissingBucket"
    case unsupportedVersion = "UnsupportedVersion"
    case methodNotAllowed = "MethodNotAllowed"
    case missingBody = "MissingBody"
    case unsupportedMediaType = "UnsupportedMediaType"
  }
}

extension EventError {
  /// For the end of a message about an event of no known shape.
  static let acceptedShapes = """
    accepted are an S3 notification {"Records": [...]} (direct or in SQS or SNS), an S3 event of EventBridge, \
    an s3:TestEvent, an invocation of S3 Batch Operations, an HTTP request of API Gateway, a function URL or a load balancer, \
    \(consoleForms)
    """

  /// For the end of a message about the body of an SQS or SNS message.
  static let acceptedMessages =
    "accepted are an S3 notification {\"Records\": [...]}, an S3 event of EventBridge and an s3:TestEvent"

  /// What a person or an HTTP client may send.
  static let consoleForms = """
    {"bucket": "...", "key": "..."}, {"key": "..."}, {"url": "s3://BUCKET/KEY"}, {"url": "https://..."} \
    and {"url": "KEY"}
    """

  /// The members of an object of no known shape, as in `it has the members "a", "b"`.
  static func members(of object: JSONObject) -> String {
    let keys = object.members.prefix(8).map { quoted($0.key) }
    return keys.isEmpty ? "it has no members" : "it has the members \(keys.joined(separator: ", "))"
  }

  /// Text from the event as it may stand in a message: in quotes, control characters escaped, cut
  /// to 1,024 characters (the longest key has that many bytes).
  static func quoted(_ text: String) -> String {
    var writer = JSONWriter()
    let start = text.unicodeScalars.prefix(1024)
    writer.string(start.endIndex < text.endIndex ? String(start) + "…" : text)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
