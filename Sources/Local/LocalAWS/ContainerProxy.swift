import HTTPClient

/// A SageMaker-compatible container (`GET /ping`, `POST /invocations`) at a URL.
package struct ContainerProxy: InferenceModel {
  /// SageMaker's timeout for a container.
  package static let timeoutMilliseconds: Int64 = 60_000

  let base: String

  /// - Parameter url: the container's base URL, for example `http://127.0.0.1:8080`; a trailing
  ///   slash or `/invocations` is ignored.
  package init(url: String) {
    var base = url
    if base.hasSuffix("/invocations") { base.removeLast("/invocations".count) }
    while base.hasSuffix("/") { base.removeLast() }
    self.base = base
  }

  /// Sends the request to `/invocations`.
  package func infer(contentType: String, accept: String, body: [UInt8]) throws -> ContainerReply {
    try send(contentType, accept, nil, body)
  }

  /// Sends the request, custom attributes included, to `/invocations`.
  package func infer(_ request: ContainerRequest) throws -> ContainerReply {
    try send(request.contentType, request.accept, request.customAttributes, request.body)
  }

  private func send(
    _ contentType: String, _ accept: String, _ customAttributes: String?, _ body: [UInt8]
  ) throws -> ContainerReply {
    // A client must stay on one thread, and each request has its own. Creating one takes less than
    // a millisecond.
    let client = try HTTPClient(trust: TrustStore(environment: .process), proxy: .direct)
    let attributes = "X-Amzn-SageMaker-Custom-Attributes"
    var headers = [HTTPHeader("Content-Type", contentType)]
    if !accept.isEmpty { headers.append(HTTPHeader("Accept", accept)) }
    if let customAttributes { headers.append(HTTPHeader(attributes, customAttributes)) }
    let response = try client.send(
      HTTPRequest(
        method: "POST", url: "\(base)/invocations", headers: headers, body: body,
        timeoutMilliseconds: Self.timeoutMilliseconds, maximumBodyBytes: 25 << 20))
    return ContainerReply(
      status: response.status,
      contentType: response.headers["Content-Type"] ?? "application/octet-stream",
      body: response.body, customAttributes: response.headers[attributes])
  }
}
