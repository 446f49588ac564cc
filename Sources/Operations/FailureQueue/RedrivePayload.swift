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

  /// - Parameter message: of the failure queue, in one of the four formats, already unwrapped; nil
  ///   when it is not JSON.
  init(_ message: [UInt8]?) {
    guard let message else {
      self = .none("the message is not JSON; print it with `failures show`")
      return
    }
    let event = Self.delivered(message)
    guard let failures = Self.failures(in: event) else {
      self = .event(event)
      return
    }
    let objects = failures.compactMap(Self.input)
    guard objects.count == failures.count else {
      self = .none(
        "the inference failed, and its input was in the request itself or cannot be read from the message")
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
      isEnvelope ? json : (["Message": String(decoding: message, as: UTF8.self)] as OperationInput).json
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

  /// The object that was submitted, with its place in the order of events when the inference's ID
  /// has it (`SEQUENCER-HASH`).
  private static func input(_ notification: SageMakerNotification) -> S3ObjectReference? {
    guard var object = notification.inputLocation.flatMap(S3ObjectReference.init(location:)) else {
      return nil
    }
    let parts = (notification.inferenceID ?? "").split(
      separator: "-", omittingEmptySubsequences: false)
    if parts.count == 2, !parts[0].isEmpty, parts[0].allSatisfy(\.isHexDigit) {
      object.sequencer = String(parts[0])
    }
    return object
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
            "sequencer": object.sequencer,
          ] as OperationInput,
        ] as OperationInput,
      ]
    }
    return (["Records": records] as OperationInput).json.serialized()
  }
}
