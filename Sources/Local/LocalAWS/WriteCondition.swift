import LoopbackServer

/// The condition of an upload.
///
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
enum WriteCondition: Sendable, Equatable {
  case always
  /// `If-None-Match: *`
  case absent
  /// `If-Match`, without its quotation marks.
  case eTag(String)

  init(_ request: ReceivedHTTPRequest) throws(S3Error) {
    switch (request.header("If-None-Match"), request.header("If-Match")) {
    case (nil, nil): self = .always
    case ("*", nil): self = .absent
    case (nil, let tag?) where tag != "*": self = .eTag(Self.unquoted(tag))
    // S3 does not support other values, nor both headers at once.
    case (nil, .some): throw .notImplemented(header: "If-Match")
    case (.some, _): throw .notImplemented(header: "If-None-Match")
    }
  }

  /// - Parameter current: the quoted ETag of the current object; nil without one.
  func check(current: String?, key: String) throws(S3Error) {
    switch (self, current) {
    case (.always, _), (.absent, nil): return
    case (.absent, .some): throw Self.failed("If-None-Match")
    case (.eTag, nil): throw S3Error.noSuchKey(key)
    case (.eTag(let tag), let current?):
      guard tag == Self.unquoted(current) else { throw Self.failed("If-Match") }
    }
  }

  private static func failed(_ condition: String) -> S3Error {
    S3Error(
      status: 412, code: "PreconditionFailed",
      message: "At least one of the pre-conditions you specified did not hold",
      details: [("Condition", condition)])
  }

  private static func unquoted(_ tag: String) -> String {
    tag.count >= 2 && tag.hasPrefix("\"") && tag.hasSuffix("\"")
      ? String(tag.dropFirst().dropLast()) : tag
  }
}
