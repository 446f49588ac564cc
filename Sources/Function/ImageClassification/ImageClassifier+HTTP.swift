import LambdaEvents
import LambdaRuntime
import Platform

/// Answers to HTTP requests: API Gateway and function URLs.
extension ImageClassifier {
  /// Smaller bodies do not get smaller by gzip in any way that matters.
  private static let gzipThresholdBytes = 1_024

  func answer(_ request: ProxyRequest, _ invocation: Invocation, _ log: Log) -> [UInt8] {
    var response = answer(
      request.content, invocation, log, isEmbedded: !request.acceptsGzip)
    if request.acceptsGzip, response.body.count >= Self.gzipThresholdBytes,
      let compressed = gzip(response.body)
    {
      response = response.gzipped(compressed)
    }
    return response.serialized(for: request.format)
  }

  private func answer(
    _ content: Result<ProxyContent, EventError>, _ invocation: Invocation, _ log: Log,
    isEmbedded: Bool
  ) -> ProxyResponse {
    switch content {
    case .success(.options): return .options
    case .success(.image(let bytes, let mediaType)):
      return answer(
        .upload(bytes: bytes, mediaType: mediaType), .http, invocation, log,
        isEmbedded: isEmbedded)
    case .success(.reference(let reference)):
      let source = ImageSource(reference.location)
      if case .url = source, !configuration.allowsURLInput {
        return refusal(
          ClassificationError(
            source, errorType: "Image.ForbiddenURL",
            "URLs are not taken from HTTP requests. ALLOW_URL_INPUT=1 allows them",
            httpStatus: 403), .http, invocation, log)
      }
      return answer(source, .http, invocation, log, isEmbedded: isEmbedded)
    case .failure(let error): return refusal(ClassificationError(error), .http, invocation, log)
    }
  }
}
