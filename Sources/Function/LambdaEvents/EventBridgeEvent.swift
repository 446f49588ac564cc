import JSON

/// An S3 event from EventBridge.
///
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
enum EventBridgeEvent {
  /// Whether an event has the EventBridge envelope, from S3 or another source.
  static func matches(_ event: JSONValue) -> Bool {
    event["detail-type"]?.stringValue != nil && event["source"]?.stringValue != nil
  }

  /// The event as a record. Unlike in a notification, the key is not encoded and some names differ
  /// (`etag`, `version-id`).
  ///
  /// Only the `detail-type` `Object Created` is a creation. An event without bucket and key, such
  /// as an S3 call reported by CloudTrail, is an error, because it may refer to an image.
  ///
  /// - Throws: an error with the name of the field.
  static func record(_ reader: EventReader) throws(EventError) -> S3Record {
    let source = try reader.requiredString("source")
    guard source == "aws.s3" else {
      throw reader.error(
        .unknown, ["source"],
        "is \(EventError.quoted(source)), not \"aws.s3\"; \(EventError.acceptedShapes)")
    }
    let object = S3ObjectReference(
      bucket: try reader.requiredString("detail", "bucket", "name"),
      key: try reader.requiredString("detail", "object", "key"),
      versionID: try reader.optionalString("detail", "object", "version-id"),
      eTag: reader.field("detail", "object", "etag")?.stringValue,
      sequencer: reader.field("detail", "object", "sequencer")?.stringValue,
      sizeBytes: reader.field("detail", "object", "size")?.int64Value,
      region: reader.field("region")?.stringValue)
    return S3Record(eventName: try reader.requiredString("detail-type"), object: object)
  }
}
