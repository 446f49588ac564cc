import LambdaEvents
import LambdaRuntime
import Platform

extension ImageClassifier {
  /// Compressing smaller bodies saves nothing.
  private static let gzipThresholdBytes = 1_024

  func respondToHTTPRequest(
    _ request: ProxyRequest, _ invocation: Invocation, _ log: Log
  ) -> [UInt8] {
    var response = response(
      to: request.content, invocation, log, isEmbedded: !request.acceptsGzip)
    if request.acceptsGzip, response.body.count >= Self.gzipThresholdBytes,
      let compressed = gzip(response.body)
    {
      response = response.gzipped(compressed)
    }
    return response.serialized(for: request.format)
  }

  private func response(
    to content: Result<ProxyContent, EventError>, _ invocation: Invocation, _ log: Log,
    isEmbedded: Bool
  ) -> ProxyResponse {
    switch content {
    case .success(.options): return .options
    case .success(.image(let bytes, let mediaType)):
      return respondToImageRequest(
        .upload(bytes: bytes, mediaType: mediaType), .http, invocation, log,
        isEmbedded: isEmbedded)
    case .success(.reference(let reference)):
      let source = ImageSource(reference.location)
      if case .url = source, !configuration.allowsURLInput {
        return errorResponse(
          ClassificationError(
            source, errorType: "Image.ForbiddenURL",
            "URLs in HTTP requests are not allowed. To allow them, set ALLOW_URL_INPUT=1",
            httpStatus: 403), .http, invocation, log)
      }
      return respondToImageRequest(source, .http, invocation, log, isEmbedded: isEmbedded)
    case .failure(let error):
      return errorResponse(ClassificationError(error), .http, invocation, log)
    }
  }
}
