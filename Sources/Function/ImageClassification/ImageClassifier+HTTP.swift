import LambdaEvents
import LambdaRuntime
import Platform

extension ImageClassifier {
  /// Compressing smaller bodies saves nothing.
  private static let gzipThresholdBytes = 1_024

  func respondToHTTPRequest(
    _ request: ProxyRequest, _ invocation: Invocation, _ log: Log
  ) -> [UInt8] {
    var response = response(to: request, invocation, log)
    if request.acceptsGzip, response.body.count >= Self.gzipThresholdBytes,
      let compressed = gzip(response.body)
    {
      response = response.gzipped(compressed)
    }
    return response.serialized(for: request.format)
  }

  private func response(
    to request: ProxyRequest, _ invocation: Invocation, _ log: Log
  ) -> ProxyResponse {
    let source: ImageSource
    switch request.content {
    case .success(.options): return .options
    case .success(.image(let bytes, let mediaType)):
      source = .upload(bytes: bytes, mediaType: mediaType)
    case .success(.reference(let reference)):
      source = ImageSource(reference.location)
      if let refusal = refusal(of: source, in: request) {
        return errorResponse(refusal, .http, invocation, log)
      }
    case .failure(let error):
      return errorResponse(ClassificationError(error), .http, invocation, log)
    }
    return respondToImageRequest(
      source, .http, invocation, log, isEmbedded: !request.acceptsGzip)
  }

  /// Why a request may not name its image, or nil.
  ///
  /// The function reads an object, and writes its result, with its own permissions, and the container fetches a URL
  /// from its own network: the caller may have neither access.
  private func refusal(
    of source: ImageSource, in request: ProxyRequest
  ) -> ClassificationError? {
    let (type, name, setting, isAllowed) =
      if case .url = source {
        ("Image.ForbiddenURL", "URLs", "ALLOW_URL_INPUT", configuration.allowsURLInput)
      } else {
        ("Image.ForbiddenObject", "Objects", "ALLOW_OBJECT_INPUT", configuration.allowsObjectInput)
      }
    let rule = "\(name) in HTTP requests are not allowed"
    let forAnyone = "\(rule). Send the bytes of the image"
    if isAllowed, !request.isAnonymous { return nil }
    return ClassificationError(
      refusing: type,
      isAllowed
        ? "\(name) are not allowed in requests to a function URL with AuthType NONE"
        : "\(rule). To allow them, set \(setting)=1",
      httpStatus: 403, messageForAnyone: forAnyone)
  }
}
