import JSON
import Platform

/// An event, or a part of it, that cannot be read. The message names the field and the accepted
/// values.
public struct EventError: ReportableError, Equatable, Sendable {
  /// `Event.NotJSON`, `Event.Unknown`, `Event.NoRecords`, `Event.TooManyRecords`,
  /// `Event.MissingField`, `Event.MalformedField`, `Event.MalformedKey`, `Event.MissingBucket`,
  /// `Event.UnsupportedVersion`, and for HTTP requests `Event.MethodNotAllowed`,
  /// `Event.MissingBody` or `Event.UnsupportedMediaType`.
  public let errorType: String
  /// Names the field, for example `Records[1].s3.object.key is missing`.
  public let message: String
  /// Whether the event is a console form or an HTTP request, whose caller waits for a proxy
  /// response. Any other event must fail as an invocation, or it would count as processed.
  public let isConsoleRequest: Bool

  init(_ reason: Reason, _ message: String, isConsoleRequest: Bool = false) {
    errorType = "Event.\(reason.rawValue)"
    self.message = message
    self.isConsoleRequest = isConsoleRequest
  }

  /// HTTP status of the response to a console form or an HTTP request: 405, 415, or 400.
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
  /// Ends the message about an event of unknown shape.
  static let acceptedShapes = """
    accepted: an S3 notification {"Records": [...]} (direct or in SQS or SNS), an S3 event of EventBridge, \
    an s3:TestEvent, SageMaker's notification of an asynchronous inference by SNS, an invocation of S3 Batch Operations, an HTTP request of API Gateway, a function URL, or a load balancer, \
    \(consoleForms)
    """

  /// Ends the message about the body of an SQS or SNS message.
  static let acceptedMessages =
    "accepted: an S3 notification {\"Records\": [...]}, an S3 event of EventBridge, an s3:TestEvent, "
    + "and SageMaker's notification of an asynchronous inference"

  /// The forms that the console and HTTP clients can send.
  static let consoleForms = """
    {"bucket": "...", "key": "..."}, {"key": "..."}, {"url": "s3://BUCKET/KEY"}, {"url": "https://..."} \
    and {"url": "KEY"}
    """

  /// Lists the members of an object of unknown shape: `it has the members "a", "b"`.
  static func members(of object: JSONObject) -> String {
    let keys = object.members.prefix(8).map { quoted($0.key) }
    return keys.isEmpty ? "it has no members" : "it has the members \(keys.joined(separator: ", "))"
  }

  /// Text from the event, safe for a message: quoted, control characters escaped, truncated to
  /// 1,024 characters (the maximum length of a key in bytes).
  static func quoted(_ text: String) -> String {
    var writer = JSONWriter()
    let start = text.unicodeScalars.prefix(1024)
    writer.string(start.endIndex < text.endIndex ? String(start) + "…" : text)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
