import LoopbackServer

/// The services of ``LocalAWS``.
package enum LocalService: String, Sendable {
  case s3 = "S3"
  case sageMaker = "SageMaker"
}

/// One request to a service; the same instance at its beginning and at its end.
package final class ServiceCall: Sendable {
  package let service: LocalService
  package let request: ReceivedHTTPRequest

  init(service: LocalService, request: ReceivedHTTPRequest) {
    self.service = service
    self.request = request
  }

  /// Bucket and key of an S3 request, decoded; nil for other requests.
  package var object: (bucket: String, key: String)? {
    guard service == .s3, let parts = try? S3Path.parse(request.path), !parts.key.isEmpty else {
      return nil
    }
    return parts
  }

  /// The name of the API operation, such as `GetObject`.
  package var operation: String {
    switch (service, request.method) {
    case (.sageMaker, _):
      request.path.hasSuffix("/async-invocations") ? "InvokeEndpointAsync" : "InvokeEndpoint"
    case (.s3, "GET"): "GetObject"
    case (.s3, "HEAD"): "HeadObject"
    case (.s3, "PUT"): "PutObject"
    case (.s3, let method): method
    }
  }
}

/// Observes the requests to the services, on the threads of their connections.
package protocol ServiceMonitor: Sendable {
  /// A request was received.
  /// - Returns: a fault that replaces the service's response; nil for none.
  func began(_ call: ServiceCall) -> ServiceFault?

  /// The response was sent, or the client has gone.
  /// - Parameter status: nil if no response was sent.
  func ended(_ call: ServiceCall, status: Int?, responseBytes: Int)
}
