import LambdaEvents
import SageMakerRuntime

/// The outcome of an earlier submission, as a message of SNS or an S3 event about the output reports it.
final class InferenceReport {
  /// With version, sequencer, and the entity tag of what was there when it was submitted, as far as they are known.
  /// Nil for an image in the request itself, and where it is not known.
  let object: S3ObjectReference?
  let inferenceID: String?
  let isFailure: Bool
  /// SageMaker's reason; nil for an S3 event about an error reply.
  let failureReason: String?
  /// The reply in the message.
  let reply: [UInt8]?
  let contentType: String?
  /// The object with the reply, or with the error reply.
  let output: S3ObjectReference?

  init(_ notification: SageMakerNotification) {
    isFailure = notification.invocationStatus == .failed
    let location = isFailure ? notification.failureLocation : notification.outputLocation
    output = location.flatMap { S3ObjectReference(location: $0) }
    inferenceID = notification.inferenceID
    object = Self.object(
      InferenceTrace(outputKey: output?.key ?? ""),
      input: notification.inputLocation.flatMap { S3ObjectReference(location: $0) },
      notification.inferenceID)
    failureReason = isFailure ? Self.reason(notification.failureReason, location) : nil
    reply = notification.responseBody
    contentType = notification.contentType
  }

  /// - Parameters:
  ///   - output: the object of an S3 event.
  ///   - isFailure: whether it is an error reply.
  init(output: S3ObjectReference, isFailure: Bool) {
    self.output = output
    self.isFailure = isFailure
    let trace = InferenceTrace(outputKey: output.key)
    object = trace?.namesObject == true ? trace?.object : nil
    inferenceID = trace?.inferenceID
    failureReason = nil
    reply = nil
    contentType = nil
  }

  /// Why a reply cannot be used, or nil: it has no known image, or no known place.
  var problem: String? {
    if isFailure || reply != nil { return nil }
    if output == nil {
      return "SageMaker's message has neither a reply nor an outputLocation in S3"
    }
    if object != nil || inferenceID != nil { return nil }
    return """
      it is an output of an asynchronous endpoint that cannot be traced to an image: another caller requested it, or \
      the key of the image is too long for the path of its output. To get results of long keys, have SageMaker publish \
      to SNS topics, and subscribe the function to them
      """
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

  /// SageMaker's reasons are sentences, usually with a full stop.
  private static func reason(_ given: String?, _ location: String?) -> String {
    var reason = given ?? ""
    if reason.isEmpty { reason = "SageMaker's message has no failureReason" }
    guard let location else { return reason }
    return reason + (reason.utf8.last == UInt8(ascii: ".") ? " " : ". ")
      + "The container's reply is in \(location)"
  }

  /// For messages.
  var name: String {
    if let object { return object.url }
    if let output, inferenceID == nil { return output.url }
    return "the inference \(inferenceID ?? "without an ID")"
  }

  /// The size of a reply that has come, or the largest one.
  var replyBytes: Int {
    isFailure ? 0 : reply?.count ?? SageMakerRuntimeClient.maximumResponseBytes
  }
}
