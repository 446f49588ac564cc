import JSON

extension S3Record {
  /// Decodes every record of a notification independently: a malformed record becomes a failure in
  /// its place.
  ///
  /// - Throws: when `Records` is not a list of records.
  static func all(in notification: EventReader, accepted: String) throws(EventError) -> [Outcome] {
    try notification.requiredArray("Records", accepted: accepted).enumerated().map { index, value in
      let reader = notification.element(value, of: "Records", at: index)
      return Outcome { () throws(EventError) in try S3Record(reader) }
    }
  }

  /// Decodes one record. Only the fields that identify the object are validated; the others are
  /// optional.
  ///
  /// - Throws: an error with the name of the field.
  private init(_ reader: EventReader) throws(EventError) {
    try reader.requireObject()
    try Self.checkSource(reader)
    try Self.checkVersion(reader)
    // CloudFront and others send records without it.
    guard reader.field("s3") != nil else {
      throw reader.error(
        .missingField, ["s3"], "is missing; \(EventError.acceptedShapes)")
    }

    let bucket = try reader.requiredString("s3", "bucket", "name")
    let rawKey = try reader.requiredString("s3", "object", "key")
    let object = S3ObjectReference(
      bucket: bucket,
      key: try reader.formDecoded(rawKey, "s3", "object", "key"),
      rawKey: rawKey,
      versionID: try reader.optionalString("s3", "object", "versionId"),
      eTag: reader.field("s3", "object", "eTag")?.stringValue,
      sequencer: reader.field("s3", "object", "sequencer")?.stringValue,
      sizeBytes: reader.field("s3", "object", "size")?.int64Value,
      region: reader.field("awsRegion")?.stringValue)
    self.init(eventName: try reader.optionalString("eventName") ?? "", object: object)
  }

  /// SQS and other services send `Records`, too. A record without a source is identified by its
  /// `s3` member.
  private static func checkSource(_ reader: EventReader) throws(EventError) {
    for name in ["eventSource", "EventSource"] {  // SNS writes a capital
      guard let source = try reader.optionalString(name), source != "aws:s3" else { continue }
      throw EventError(
        .unknown,
        "\(reader.name).\(name) is \(EventError.quoted(source)), not \"aws:s3\"; \(EventError.acceptedShapes)"
      )
    }
  }

  private static func isOfVersion2(_ version: String) -> Bool {
    var bytes = version.utf8.makeIterator()
    guard bytes.next() == UInt8(ascii: "2") else { return false }
    let next = bytes.next()
    return next == nil || next == UInt8(ascii: ".")
  }

  private static func checkVersion(_ reader: EventReader) throws(EventError) {
    guard let version = try reader.optionalString("eventVersion") else { return }
    if !isOfVersion2(version) {
      throw reader.error(
        .unsupportedVersion, ["eventVersion"],
        "is \(EventError.quoted(version)); this function supports 2.x; \(EventError.acceptedShapes)"
      )
    }
  }
}
