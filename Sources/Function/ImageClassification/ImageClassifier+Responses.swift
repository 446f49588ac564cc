import JSON
import LambdaEvents
import LambdaRuntime
import Platform

/// Responses in the shape of a proxy response, to requests and to notifications.
extension ImageClassifier {
  /// How long a client should wait after 503.
  private static let retryAfterSeconds = 5

  func errorResponse(
    _ error: ClassificationError, _ audience: Audience, _ invocation: Invocation, _ log: Log
  ) -> ProxyResponse {
    log.error("\(error.errorType): \(error.message)", error.logFields)
    let message = audience == .http ? error.messageForAnyone : error.message
    var response = ProxyResponse(
      statusCode: error.httpStatus, errorType: error.errorType,
      message: log.redaction.applied(to: message), requestID: invocation.requestID)
    if error.httpStatus == 503 {
      response.headers.append(.init("Retry-After", "\(Self.retryAfterSeconds)"))
    }
    return response
  }

  /// 200, or 202 if the result of an image comes later.
  ///
  /// - Parameter isEmbedded: whether the document is written escaped, as a string of the response;
  ///   false when it may be compressed instead.
  /// - Throws: `Runtime.ResponseTooLarge` before the document is written to its end.
  func successResponse(
    _ images: [ProcessedImage], _ log: Log, isEmbedded: Bool = true
  ) throws(InvocationError) -> ProxyResponse {
    // Compression reduces class names and numbers to a third or less.
    let limitBytes = Invocation.maximumResponseBytes * (isEmbedded ? 1 : 3)
    // About 70 bytes per class.
    let classCount = images.reduce(0) { $0 + ($1.classification?.ranking.count ?? 0) }
    var writer = JSONWriter(
      reservingCapacity: min(256 + 80 * classCount, limitBytes), isEmbedded: isEmbedded)
    writer.beginObject()
    writer.key("endpoint")
    writer.string(configuration.endpointName)
    if let variant = images.lazy.compactMap(\.classification?.variant).first {
      writer.key("variant")
      writer.string(variant)
    }
    writer.key("results")
    writer.beginArray()
    var status = 200
    for image in images {
      writer.beginObject()
      image.classification?.writeMembers(to: &writer, limitBytes: limitBytes)
      if let submission = image.submission {
        status = 202
        submission.writeMembers(to: &writer)
      }
      writer.endObject()
      guard writer.bytes.count <= limitBytes else {
        throw InvocationError(
          errorType: "Runtime.ResponseTooLarge",
          message:
            "the response has more than \(limitBytes) bytes with \(classCount) probabilities of "
            + "\(images.count) images. To reduce it, set TOP_K")
      }
    }
    writer.endArray()
    writer.endObject()
    // With a presigned URL the container gets a secret, and may repeat it.
    let body =
      configuration.inputMode == .presignedURL
      ? log.redaction.applied(to: writer.bytes) : writer.bytes
    var response = ProxyResponse(statusCode: status, body: body)
    response.isEmbedded = isEmbedded
    return response
  }
}
