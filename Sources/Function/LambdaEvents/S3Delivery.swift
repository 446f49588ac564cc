import JSON

/// The content of one message from S3, or from an asynchronous endpoint about an object of S3.
public enum S3Delivery: Equatable, Sendable {
  /// One or more records, in order.
  case records([S3Record.Outcome])
  /// The test event that S3 sends when a notification is configured. Nothing to classify.
  case test(S3TestEvent)
  /// The outcome of one asynchronous inference.
  case inference(SageMakerNotification)
  /// The notification that SageMaker sends when an asynchronous endpoint is created or updated. Nothing to do.
  case inferenceTest
}

extension S3Delivery {
  /// Decodes the body of a message by its shape.
  ///
  /// - Parameter unwrapsSNS: whether the body may be an SNS envelope. Envelopes are not nested
  ///   further than S3 in SNS in SQS.
  init(message: EventReader, unwrapsSNS: Bool) throws(EventError) {
    if message.field("Records") != nil {
      self = .records(try S3Record.all(in: message, accepted: EventError.acceptedMessages))
    } else if S3TestEvent.matches(message.value) {
      self = .test(try S3TestEvent(message))
    } else if SageMakerNotification.matches(message.value) {
      self =
        SageMakerNotification.isTest(message.value)
        ? .inferenceTest : .inference(try SageMakerNotification(message))
    } else if EventBridgeEvent.matches(message.value) {
      self = .records([.success(try EventBridgeEvent.record(message))])
    } else if unwrapsSNS, SNSEnvelope.matches(message.value) {
      self = try S3Delivery(message: message.embeddedJSON("Message"), unwrapsSNS: false)
    } else {
      throw Self.unknown(message)
    }
  }

  var recordCount: Int {
    switch self {
    case .records(let outcomes): outcomes.count
    case .inference: 1
    case .test, .inferenceTest: 0
    }
  }

  /// Returns the delivery unless it would exceed the record limit of the event.
  func checked(
    recordCountAtMost limit: Int, in message: EventReader
  ) throws(EventError) -> S3Delivery {
    guard recordCount <= limit else {
      throw message.error(
        .tooManyRecords, ["Records"],
        "has \(recordCount) elements; the limit is \(LambdaEvent.maximumRecordCount) per event"
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
      "has an unknown shape, \(EventError.members(of: object)); \(EventError.acceptedMessages)")
  }
}

/// The event that S3 sends once when a notification is configured. Nothing to classify.
///
/// Source:
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
public struct S3TestEvent: Equatable, Sendable {
  /// The bucket whose notifications were configured.
  public var bucket: String

  public init(bucket: String) { self.bucket = bucket }

  static func matches(_ event: JSONValue) -> Bool {
    event["Event"]?.stringValue == "s3:TestEvent"
  }

  init(_ reader: EventReader) throws(EventError) { bucket = try reader.requiredString("Bucket") }
}
