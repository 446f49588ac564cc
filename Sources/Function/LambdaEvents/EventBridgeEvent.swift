import JSON

/// An event of S3 that came by EventBridge.
///
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
enum EventBridgeEvent {
  /// Whether an event has the envelope of EventBridge, from S3 or not.
  static func matches(_ event: JSONValue) -> Bool {
    event["detail-type"]?.stringValue != nil && event["source"]?.stringValue != nil
  }

  /// The event as a record. Its key is not encoded, unlike that of a notification; its names are
  /// spelled in another way (`etag`, `version-id`).
  ///
  /// Every `detail-type` but `Object Created` is no creation. One without bucket and key (an S3
  /// call that CloudTrail reports, say) is an error, because an image may be behind it.
  ///
  /// - Throws: an error that names the field.
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
