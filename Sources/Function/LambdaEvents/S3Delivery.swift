import JSON

/// What S3 has to say in one message.
public enum S3Delivery: Equatable, Sendable {
  /// What happened to objects, one record or more, in their order.
  case records([S3Record.Outcome])
  /// The test that S3 sends when a notification is configured: a success without anything to
  /// classify.
  case test(S3TestEvent)
}

extension S3Delivery {
  /// Reads the body of a message by its shape.
  ///
  /// - Parameter unwrapsSNS: whether the body may be the envelope of an SNS message. What is in the
  ///   envelope may not be one again, so this goes no deeper than S3 in SNS in SQS.
  init(message: EventReader, unwrapsSNS: Bool) throws(EventError) {
    if message.field("Records") != nil {
      self = .records(try S3Record.all(in: message, accepted: EventError.acceptedMessages))
    } else if S3TestEvent.matches(message.value) {
      self = .test(try S3TestEvent(message))
    } else if EventBridgeEvent.matches(message.value) {
      self = .records([.success(try EventBridgeEvent.record(message))])
    } else if unwrapsSNS, SNSEnvelope.matches(message.value) {
      self = try S3Delivery(message: message.embeddedJSON("Message"), unwrapsSNS: false)
    } else {
      throw Self.unknown(message)
    }
  }

  /// How many records it has.
  var recordCount: Int {
    switch self {
    case .records(let outcomes): outcomes.count
    case .test: 0
    }
  }

  /// The same delivery, when the event as a whole does not get too many records by it.
  func checked(
    recordCountAtMost limit: Int, in message: EventReader
  ) throws(EventError) -> S3Delivery {
    guard recordCount <= limit else {
      throw message.error(
        .tooManyRecords, ["Records"],
        "has \(recordCount) elements; at most \(LambdaEvent.maximumRecordCount) of one event are read"
      )
    }
    return self
  }

  private static func unknown(_ message: EventReader) -> EventError {
    guard case .object(let object) = message.value else {
      return message.error(
        .unknown, [], "is \(message.value.kind), not an object; \(EventError.acceptedMessages)")
    }
    return message.error(
      .unknown, [],
      "has no known shape, \(EventError.members(of: object)); \(EventError.acceptedMessages)")
  }
}

/// What S3 sends once when a notification is configured: a success without anything to classify.
///
/// Source:
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
public struct S3TestEvent: Equatable, Sendable {
  /// The bucket whose notifications were configured.
  public var bucket: String

  /// A test event of this bucket.
  public init(bucket: String) { self.bucket = bucket }

  static func matches(_ event: JSONValue) -> Bool {
    event["Event"]?.stringValue == "s3:TestEvent"
  }

  init(_ reader: EventReader) throws(EventError) { bucket = try reader.requiredString("Bucket") }
}
