/// An object in S3 as an event names it.
public struct S3ObjectReference: Equatable, Sendable {
  /// Name of the bucket; not empty, otherwise not checked.
  public var bucket: String
  /// Key of the object as S3 knows it.
  public var key: String
  /// Key as it stands in the event: form-encoded in an S3 notification, else the same as `key`.
  public var rawKey: String
  /// Version to read; nil reads the newest.
  public var versionID: String?
  /// Entity tag, without quotes.
  public var eTag: String?
  /// Orders the events of one key; hexadecimal digits of varying number.
  public var sequencer: String?
  /// Size of the object when the event was made.
  public var sizeBytes: Int64?
  /// Region of the bucket (`awsRegion`), as in `us-east-1`.
  public var region: String?

  /// A reference to an object; `rawKey` is `key` unless given.
  public init(
    bucket: String, key: String, rawKey: String? = nil, versionID: String? = nil,
    eTag: String? = nil, sequencer: String? = nil, sizeBytes: Int64? = nil, region: String? = nil
  ) {
    self.bucket = bucket
    self.key = key
    self.rawKey = rawKey ?? key
    self.versionID = versionID
    self.eTag = eTag
    self.sequencer = sequencer
    self.sizeBytes = sizeBytes
    self.region = region
  }
}

/// Something that happened to an object: one record of an S3 notification (event version 2.x), or
/// an S3 event of EventBridge.
///
/// Source:
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
public struct S3Record: Equatable, Sendable {
  /// A record, or why it cannot be read: one that is bad must not take the others with it.
  public typealias Outcome = Result<S3Record, EventError>

  /// What happened, as in `ObjectCreated:Put` or, by EventBridge, `Object Created`; empty when the
  /// record does not say.
  public var eventName: String
  /// The object it happened to.
  public var object: S3ObjectReference
  /// Whether there is an image to classify: `ObjectCreated:*`, `Object Created` of EventBridge, or
  /// a record that does not say what happened.
  public var isCreation: Bool {
    eventName.isEmpty || eventName.hasPrefix("ObjectCreated:")
      || eventName.hasPrefix("s3:ObjectCreated:") || eventName == Self.eventBridgeCreation
  }

  static let eventBridgeCreation = "Object Created"

  /// A record.
  public init(eventName: String, object: S3ObjectReference) {
    self.eventName = eventName
    self.object = object
  }
}
