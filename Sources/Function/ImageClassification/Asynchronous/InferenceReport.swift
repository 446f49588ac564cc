import LambdaEvents
import SageMakerRuntime

/// The outcome of an earlier submission, as a message of SNS or an S3 event about the output reports it.
struct InferenceReport {
  enum Outcome {
    case reply([UInt8], contentType: String?)
    /// The reply is in this object.
    case storedReply(S3ObjectReference)
    case failure(reason: String)
    /// The container's error reply is in this object.
    case storedFailure(S3ObjectReference)
  }

  /// With version, sequencer, and the entity tag of what was there when it was submitted, as far as they are known.
  /// Nil for an image in the request itself, and where it is not known.
  let object: S3ObjectReference?
  let inferenceID: String?
  let outcome: Outcome

  /// - Throws: when a message about a completed inference has neither a reply nor its location.
  init(_ notification: SageMakerNotification) throws(ClassificationError) {
    let (completed, location) =
      notification.invocationStatus == .completed
      ? (true, notification.outputLocation) : (false, notification.failureLocation)
    let output = location.flatMap { S3ObjectReference(location: $0) }
    inferenceID = notification.inferenceID
    object = Self.object(
      InferenceTrace(outputKey: output?.key ?? ""),
      input: notification.inputLocation.flatMap { S3ObjectReference(location: $0) },
      notification.inferenceID)
    if !completed {
      let reason = notification.failureReason ?? "SageMaker's message has no failureReason"
      outcome = .failure(
        reason: reason + (location.map { ". The container's reply is in \($0)" } ?? ""))
    } else if let body = notification.responseBody {
      outcome = .reply(body, contentType: notification.contentType)
    } else if let output {
      outcome = .storedReply(output)
    } else {
      let name = notification.inputLocation ?? notification.inferenceID ?? "an inference"
      throw ClassificationError(
        refusing: "Event.MissingField",
        "SageMaker's message about \(name) has neither a reply nor an outputLocation of S3"
          + (location.map { "; it has \($0)" } ?? ""), httpStatus: 400, messageForAnyone: "")
    }
  }

  /// - Parameters:
  ///   - output: the object of an S3 event.
  ///   - isFailure: whether it is an error reply.
  /// - Throws: for a reply that cannot be traced to its image.
  init(output: S3ObjectReference, isFailure: Bool) throws(ClassificationError) {
    let trace = InferenceTrace(outputKey: output.key)
    object = trace?.namesObject == true ? trace?.object : nil
    inferenceID = trace?.inferenceID
    guard isFailure || object != nil || inferenceID != nil else {
      throw ClassificationError(
        .object(output), errorType: "Event.UntraceableOutput",
        trace != nil
          ? "it is a reply of the endpoint about an image whose key is too long for the path of its output. To get "
            + "such results, have SageMaker publish to SNS topics, and subscribe the function to them"
          : "it is an output of an asynchronous endpoint that this function did not request; outputs are not classified",
        httpStatus: 400, isRejection: false)
    }
    outcome = isFailure ? .storedFailure(output) : .storedReply(output)
  }

  /// The object of a message: that of the trace, completed by the input, which alone has neither version nor order.
  private static func object(
    _ trace: InferenceTrace?, input: S3ObjectReference?, _ inferenceID: String?
  ) -> S3ObjectReference? {
    if let trace, trace.namesObject { return trace.object }
    guard var object = input else { return nil }
    if let traced = trace?.object {
      object.versionID = traced.versionID
      object.sequencer = traced.sequencer
      object.eTag = traced.eTag
    } else if let inferenceID {
      object.sequencer = InferenceID.sequencer(in: inferenceID, of: object)
    }
    return object
  }

  /// For messages.
  var name: String {
    if let object { return ImageSource.object(object).name }
    if let inferenceID { return "the inference \(inferenceID)" }
    switch outcome {
    case .storedReply(let object), .storedFailure(let object):
      return ImageSource.object(object).name
    default: return "an inference without an ID"
    }
  }
}

extension InferenceReport {
  /// The size of a reply that has come, or the largest one.
  var replyBytes: Int {
    switch outcome {
    case .reply(let bytes, _): bytes.count
    case .storedReply: SageMakerRuntimeClient.maximumResponseBytes
    case .failure, .storedFailure: 0
    }
  }
}
