import JSON

/// The envelope that SNS adds to a message.
///
/// Sources:
/// https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
/// https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html
enum SNSEnvelope {
  /// Whether a message is the envelope that SNS sends to SQS without raw message delivery.
  static func matches(_ message: JSONValue) -> Bool {
    message["Type"]?.stringValue == "Notification" && message["Message"] != nil
  }

  /// The records of all messages of an SNS event in one list, because Lambda can retry only the
  /// whole event. A malformed message becomes a failure in its place, and so does one of S3 beside one of SageMaker:
  /// SNS sends one message per event.
  ///
  /// - Parameter records: the elements of `Records`, at least one.
  static func event(_ records: [JSONValue], in event: EventReader) -> LambdaEvent {
    var outcomes: [S3Record.Outcome] = []
    var inferences: [SageMakerNotification.Outcome] = []
    var (test, isOfSageMaker): (S3TestEvent?, Bool) = (nil, false)
    for (index, value) in records.enumerated() {
      let reader = event.element(value, of: "Records", at: index)
      switch delivery(reader, remaining: LambdaEvent.maximumRecordCount - outcomes.count) {
      case .success(.records(let more)): outcomes += more
      case .success(.test(let found)): test = test ?? found
      case .success(.inference(let notification)):
        isOfSageMaker = true
        inferences.append(.success(notification))
      case .success(.inferenceTest): isOfSageMaker = true
      case .failure(let error): outcomes.append(.failure(error))
      }
    }
    if isOfSageMaker { return .inferences(inferences + outcomes.map(refusal)) }
    if outcomes.isEmpty, let test { return .s3Test(test) }
    return .s3(outcomes)
  }

  private static func refusal(_ outcome: S3Record.Outcome) -> SageMakerNotification.Outcome {
    outcome.flatMap { _ in
      .failure(
        EventError(.unknown, "a record of S3 is in one event with notifications of SageMaker"))
    }
  }

  private static func delivery(
    _ reader: EventReader, remaining: Int
  ) -> Result<S3Delivery, EventError> {
    Result { () throws(EventError) in
      try reader.requireObject()
      let message = try reader.embeddedJSON("Sns", "Message")
      return try S3Delivery(message: message, unwrapsSNS: false)
        .checked(recordCountAtMost: remaining, in: message)
    }
  }
}
