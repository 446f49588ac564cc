/// An S3 object as named by an event.
public struct S3ObjectReference: Equatable, Sendable {
  /// Not empty; otherwise not validated.
  public var bucket: String
  /// The decoded key.
  public var key: String
  /// The key as in the event: form-encoded in an S3 notification, otherwise equal to `key`.
  public var rawKey: String
  /// Nil reads the latest version.
  public var versionID: String?
  /// Entity tag, without quotes.
  public var eTag: String?
  /// Hexadecimal digits of varying length that order the events of one key.
  public var sequencer: String?
  /// The size of the object when the event was created.
  public var sizeBytes: Int64?
  /// The bucket's region (`awsRegion`), for example `us-east-1`.
  public var region: String?

  /// - Parameter rawKey: defaults to `key`.
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

/// An event about one object: a record of an S3 notification (event version 2.x), or an S3 event
/// from EventBridge.
///
/// Source:
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
public struct S3Record: Equatable, Sendable {
  /// A record, or the reason why it cannot be read. A malformed record does not affect the others.
  public typealias Outcome = Result<S3Record, EventError>

  /// For example `ObjectCreated:Put`, or `Object Created` from EventBridge; empty when the record
  /// has none.
  public var eventName: String
  public var object: S3ObjectReference
  /// Whether there is an image to classify: `ObjectCreated:*`, `Object Created` from EventBridge,
  /// or a record without an event name.
  public var isCreation: Bool {
    eventName.isEmpty || eventName.utf8.starts(with: "ObjectCreated:".utf8)
      || eventName.utf8.starts(with: "s3:ObjectCreated:".utf8)
      || eventName == Self.eventBridgeCreation
  }

  static let eventBridgeCreation = "Object Created"

  public init(eventName: String, object: S3ObjectReference) {
    self.eventName = eventName
    self.object = object
  }
}
