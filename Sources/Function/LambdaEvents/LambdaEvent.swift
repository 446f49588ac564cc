import JSON

/// An event that can carry images.
public enum LambdaEvent: Equatable, Sendable {
  /// Records of S3, by a notification, by SNS or by EventBridge: one or more, in their order, each
  /// read on its own.
  case s3([S3Record.Outcome])
  /// The test that S3 sends when a notification is configured.
  case s3Test(S3TestEvent)
  /// Messages of an SQS queue, one or more, each read on its own; the answer is an
  /// `SQSBatchResponse`.
  case sqs([SQSMessage])
  /// A part of a job of S3 Batch Operations; the answer is an `S3BatchResponse`.
  case s3Batch(S3BatchInvocation)
  /// A request of API Gateway or of a function URL; the answer is a `ProxyResponse` in the
  /// request's format.
  case http(ProxyRequest)
  /// A person's request for one image.
  case console(ConsoleRequest)
}

extension LambdaEvent {
  /// The most records, messages or tasks that are read of one event: the largest batch of SQS.
  /// Others send far fewer.
  ///
  /// Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
  public static let maximumRecordCount = 10_000

  /// Reads an event by its shape, for Lambda does not tell where an event comes from.
  ///
  /// - Parameters:
  ///   - bytes: the event, JSON in UTF-8.
  ///   - defaultBucket: bucket of keys that come without one (`IMAGE_BUCKET`); empty counts as
  ///     none.
  /// - Throws: what is wrong with which field; the accepted shapes when it has none of them. What
  ///   is wrong only with one record, message, task or HTTP request is not thrown but stands in its
  ///   place.
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

  /// An event has records of one source, so the first one tells which.
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
        "the event is the console's hello-world template, put yours in its place; \(EventError.acceptedShapes)"
      )
    }
    return EventError(
      .unknown,
      "the event has no known shape, \(EventError.members(of: object)); \(EventError.acceptedShapes)"
    )
  }
}
