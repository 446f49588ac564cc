import AWSControl
import JSON
import LambdaEvents

/// What a redrive sends to the function.
package enum RedrivePayload: Sendable, Equatable {
  /// The event as Lambda would receive it.
  case event([UInt8])
  /// An upload event for the input of an asynchronous inference that failed: a notification about
  /// the failure would only fail again, and never submits by itself.
  case upload([UInt8])
  /// Nothing can be sent, with the reason.
  case none(String)

  /// The function's error for a failed inference.
  private static let errorType = "Endpoint.AsyncFailed"

  /// - Parameters:
  ///   - message: of the failure queue, in one of the four formats, already unwrapped; nil when it
  ///     is not JSON.
  ///   - errorType: the function's last error; nil when unknown.
  init(_ message: [UInt8]?, errorType: String?) {
    guard let message else {
      self = .none("the message is not JSON; print it with `failures show`")
      return
    }
    let event = Self.delivered(message)
    let inputs =
      Self.failures(in: event)?.map(Self.input)
      ?? (errorType == nil || errorType == Self.errorType
        ? Self.inputsOfFailureObjects(in: event, isKnown: errorType != nil) : nil)
    guard let inputs else {
      self = .event(event)
      return
    }
    let objects = inputs.compactMap { $0 }
    guard objects.count == inputs.count else {
      self = .none(
        "the inference failed, and its input was in the request itself or cannot be read from the message"
      )
      return
    }
    self = .upload(Self.uploadEvent(objects))
  }

  /// What SNS or SQS could not deliver is the bare message, with or without the envelope of SNS.
  static func delivered(_ message: [UInt8]) -> [UInt8] {
    guard let json = try? JSONValue(parsing: message), json["Records"] == nil else {
      return message
    }
    let isEnvelope = json["Type"]?.stringValue == "Notification" && json["Message"] != nil
    let isNotification = json["eventSource"]?.stringValue == "aws:sagemaker"
    guard isEnvelope || isNotification else { return message }
    let envelope =
      isEnvelope
      ? json : (["Message": String(decoding: message, as: UTF8.self)] as OperationInput).json
    let record: OperationInput = [
      "EventSource": "aws:sns", "EventVersion": "1.0", "Sns": envelope,
    ]
    return (["Records": [record]] as OperationInput).json.serialized()
  }

  /// The notifications of an event when all are about failed inferences; nil for any other event.
  static func failures(in event: [UInt8]) -> [SageMakerNotification]? {
    guard case .inferences(let outcomes)? = try? LambdaEvent.decode(event, defaultBucket: nil)
    else { return nil }
    let failed = outcomes.compactMap { try? $0.get() }.filter { $0.invocationStatus == .failed }
    return failed.isEmpty || failed.count < outcomes.count ? nil : failed
  }

  /// The object that was submitted, with version and place in the order of events as far as the
  /// path of the failure or the inference's ID (`SEQUENCER-HASH`) has them; nil when it is unknown.
  private static func input(_ notification: SageMakerNotification) -> S3ObjectReference? {
    let trace = (notification.failureLocation ?? notification.outputLocation)
      .flatMap(S3ObjectReference.init(location:)).flatMap { InferenceTrace(outputKey: $0.key) }
    if let trace, trace.namesObject { return trace.object }
    guard var object = notification.inputLocation.flatMap(S3ObjectReference.init(location:)) else {
      return nil
    }
    object.versionID = trace?.object?.versionID
    object.eTag = trace?.object?.eTag
    let parts = (notification.inferenceID ?? "").split(
      separator: "-", omittingEmptySubsequences: false)
    let isOurs = parts.count == 2 && !parts[0].isEmpty && parts[0].allSatisfy(\.isHexDigit)
    object.sequencer = trace?.object?.sequencer ?? (isOurs ? String(parts[0]) : nil)
    return object
  }

  /// The same of an S3 event about error replies; nil for an event about anything else.
  ///
  /// - Parameter isKnown: whether the function's error says that they are; otherwise, as in the bare
  ///   event of a dead-letter queue, their names do.
  private static func inputsOfFailureObjects(
    in event: [UInt8], isKnown: Bool
  ) -> [S3ObjectReference?]? {
    guard case .s3(let outcomes)? = try? LambdaEvent.decode(event, defaultBucket: nil) else {
      return nil
    }
    let traces = outcomes.map { outcome -> InferenceTrace? in
      guard let key = (try? outcome.get())?.object.key, isKnown || key.hasSuffix("-error.out")
      else { return nil }
      return InferenceTrace(outputKey: key)
    }
    guard !traces.isEmpty, traces.allSatisfy({ $0 != nil }) else { return nil }
    return traces.map { trace in trace.flatMap { $0.namesObject ? $0.object : nil } }
  }

  private static func uploadEvent(_ objects: [S3ObjectReference]) -> [UInt8] {
    let records = objects.map { object -> OperationInput in
      [
        "eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
        "s3": [
          "bucket": ["name": object.bucket] as OperationInput,
          "object": [
            "key": object.key.split(separator: "/", omittingEmptySubsequences: false)
              .map { PercentEncoded.text(String($0)) }.joined(separator: "/"),
            "versionId": object.versionID, "eTag": object.eTag, "sequencer": object.sequencer,
          ] as OperationInput,
        ] as OperationInput,
      ]
    }
    return (["Records": records] as OperationInput).json.serialized()
  }
}
