import JSON

/// The location of an image.
public enum ImageLocation: Equatable, Sendable {
  /// An S3 object.
  case object(S3ObjectReference)
  /// A URL that begins with `http://` or `https://`; not validated further.
  case url(String)
}

/// A request for one image, as entered for the Test button of the Lambda console.
///
/// `{"bucket": …, "key": …}`, `{"key": …}` in the default bucket, `{"url": "s3://BUCKET/KEY"}`,
/// `{"url": "https://…"}` or `{"url": KEY}`; each object form accepts an additional `"versionId"`.
/// Keys are used verbatim, without decoding or normalization: everything after `s3://BUCKET/` is
/// the key, as in the AWS CLI.
public struct ConsoleRequest: Equatable, Sendable {
  public var location: ImageLocation

  public init(location: ImageLocation) { self.location = location }

  /// Whether an event has a member of a console request.
  static func matches(_ event: JSONValue) -> Bool {
    ["url", "bucket", "key"].contains { event[$0] != nil }
  }

  init(_ event: JSONValue, defaultBucket: String?) throws(EventError) {
    let reader = EventReader(value: event, name: "", isConsoleRequest: true)
    if reader.field("url") != nil {
      location = try Self.location(ofURLIn: reader, defaultBucket: defaultBucket)
      return
    }
    let key = try reader.requiredString("key")
    guard let bucket = try reader.optionalString("bucket") ?? defaultBucket else {
      throw Self.missingBucket("key", key)
    }
    let versionID = try reader.optionalString("versionId")
    location = .object(S3ObjectReference(bucket: bucket, key: key, versionID: versionID))
  }

  private static func location(
    ofURLIn reader: EventReader, defaultBucket: String?
  ) throws(EventError) -> ImageLocation {
    for other in ["bucket", "key"] where reader.field(other) != nil {
      throw reader.error(
        .malformedField, [other], "cannot be combined with url: give either url, or bucket and key")
    }
    let url = try reader.requiredString("url")
    let versionID = try reader.optionalString("versionId")
    guard let (scheme, rest) = split(url) else {
      guard let defaultBucket else { throw missingBucket("url", url) }
      return .object(S3ObjectReference(bucket: defaultBucket, key: url, versionID: versionID))
    }
    switch scheme {
    case "http", "https": return .url(url)
    case "s3":
      let bucket = rest.prefix { $0 != UInt8(ascii: "/") }
      let key = rest.dropFirst(bucket.count + 1)
      guard !bucket.isEmpty, !key.isEmpty else {
        throw reader.error(
          .malformedField, ["url"], "\(EventError.quoted(url)) must have the form s3://BUCKET/KEY")
      }
      return .object(
        S3ObjectReference(
          bucket: String(decoding: bucket, as: UTF8.self),
          key: String(decoding: key, as: UTF8.self),
          versionID: versionID))
    default:
      throw reader.error(
        .malformedField, ["url"],
        "\(EventError.quoted(url)) must begin with s3://, https:// or http://, or be a key")
    }
  }

  /// The scheme in lower case and the part after `://`; nil when the text has no scheme and is
  /// therefore a key.
  ///
  /// Works on bytes, because a slash and a following combining character form one `Character`.
  private static func split(_ url: String) -> (scheme: String, rest: Array<UInt8>.SubSequence)? {
    let bytes = Array(url.utf8)
    let scheme = bytes.prefix { $0 != UInt8(ascii: ":") }
    guard bytes.dropFirst(scheme.count).starts(with: "://".utf8),
      let first = scheme.first, isLetter(first),
      scheme.allSatisfy({ isLetter($0) || "0123456789+-.".utf8.contains($0) })
    else { return nil }
    return (
      String(decoding: scheme, as: UTF8.self).lowercased(), bytes.dropFirst(scheme.count + 3)
    )
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func missingBucket(_ field: String, _ key: String) -> EventError {
    EventError(
      .missingBucket,
      "\(field) \(EventError.quoted(key)) names no bucket: set IMAGE_BUCKET or send {\"bucket\": \"...\", \"key\": \"...\"}",
      isConsoleRequest: true)
  }
}
