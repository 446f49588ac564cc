import JSON

/// An event that can carry images.
public enum LambdaEvent: Equatable, Sendable {
  /// One or more S3 records from a notification, SNS, or EventBridge, in order. Each is decoded
  /// independently.
  case s3([S3Record.Outcome])
  /// The test event that S3 sends when a notification is configured.
  case s3Test(S3TestEvent)
  /// The outcomes of asynchronous inferences, by SNS; empty for SageMaker's test notification.
  case inferences([SageMakerNotification.Outcome])
  /// One or more messages of an SQS queue, each decoded independently. The response is an
  /// `SQSBatchResponse`.
  case sqs([SQSMessage])
  /// A part of an S3 Batch Operations job. The response is an `S3BatchResponse`.
  case s3Batch(S3BatchInvocation)
  /// A request from API Gateway, a function URL, or a load balancer. The response is a
  /// `ProxyResponse` in the request's format.
  case http(ProxyRequest)
  /// A request for one image from the Lambda console or the CLI.
  case console(ConsoleRequest)
}

extension LambdaEvent {
  /// The maximum number of records, messages, or tasks per event: the largest SQS batch. Other
  /// services send far fewer.
  ///
  /// Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
  public static let maximumRecordCount = 10_000

  /// Decodes an event by its shape, because Lambda does not state the source of an event.
  ///
  /// - Parameters:
  ///   - bytes: the event, JSON in UTF-8.
  ///   - defaultBucket: the bucket of keys without one (`IMAGE_BUCKET`); empty counts as none.
  /// - Throws: an error with the field and the reason, or the accepted shapes for an unknown shape.
  ///   An error in a single record, message, task, or HTTP request is not thrown but takes its
  ///   place in the result.
  public static func decode(_ bytes: [UInt8], defaultBucket: String?) throws(EventError)
    -> LambdaEvent
  {
    let reader = EventReader(value: try parse(bytes), name: "")
    let event = reader.value
    let bucket = defaultBucket.flatMap { $0.isEmpty ? nil : $0 }
    if event["Records"] != nil { return try records(reader) }
    if S3TestEvent.matches(event) { return .s3Test(try S3TestEvent(reader)) }
    if ProxyRequest.matches(event) { return .http(try ProxyRequest(reader, defaultBucket: bucket)) }
    if S3BatchInvocation.matches(event) { return .s3Batch(try S3BatchInvocation(reader)) }
    if EventBridgeEvent.matches(event) {
      return .s3([.success(try EventBridgeEvent.record(reader))])
    }
    if ConsoleRequest.matches(event) {
      return .console(try ConsoleRequest(event, defaultBucket: bucket))
    }
    throw unknown(event)
  }

  private static func parse(_ bytes: [UInt8]) throws(EventError) -> JSONValue {
    do throws(JSONError) {
      return try JSONValue(parsingAfterByteOrderMark: bytes)
    } catch {
      throw EventError(
        .notJSON, "the event is not JSON: \(error); \(EventError.acceptedShapes)")
    }
  }

  /// All records of an event have the same source, so the first one decides.
  private static func records(_ event: EventReader) throws(EventError) -> LambdaEvent {
    let records = try event.requiredArray("Records", accepted: EventError.acceptedShapes)
    if records[0]["eventSource"]?.stringValue == "aws:sqs" {
      return .sqs(try SQSMessage.all(records, in: event))
    }
    if records[0]["EventSource"]?.stringValue == "aws:sns" {  // a capital
      return SNSEnvelope.event(records, in: event)
    }
    return .s3(try S3Record.all(in: event, accepted: EventError.acceptedShapes))
  }

  private static func unknown(_ event: JSONValue) -> EventError {
    guard case .object(let object) = event else {
      return EventError(
        .unknown, "the event is \(event.kind), not an object; \(EventError.acceptedShapes)")
    }
    if object["key1"] != nil {
      return EventError(
        .unknown,
        "the event is the console's hello-world template; replace it with your own event; \(EventError.acceptedShapes)"
      )
    }
    return EventError(
      .unknown,
      "the event has an unknown shape, \(EventError.members(of: object)); \(EventError.acceptedShapes)"
    )
  }
}
