import HTTPClient

extension ContainerProxy {
  /// SageMaker's limit for an answer to `/ping`.
  private static let pingLimitMilliseconds: Int64 = 2_000

  /// Asks `GET /ping`, as SageMaker does before it sends requests.
  ///
  /// - Returns: what is wrong and what to do, in one line; nil for a container that is ready.
  /// Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
  package func problem() -> String? {
    let url = "\(base)/ping"
    let response: HTTPResponse
    do throws(HTTPError) {
      let client = try HTTPClient(trust: TrustStore(environment: .process), proxy: .direct)
      response = try client.send(
        HTTPRequest(
          method: "GET", url: url, timeoutMilliseconds: Self.pingLimitMilliseconds,
          maximumBodyBytes: 1 << 20))
    } catch {
      return problem(error)
    }
    let type = response.headers["Content-Type"] ?? ""
    switch response.status {
    case 200 where type.hasPrefix("text/html"):
      return
        "\(url) answers with \(type), a web page: another server listens there, not a SageMaker container"
    case 200..<300: return nil
    case 404:
      return
        "\(url) answers 404: a SageMaker container has /ping and /invocations; pass the address in front of them"
    case 500...599:
      return
        "\(url) answers \(response.status): the container is not ready. See its output, and try again when the model is loaded"
    default: return "\(url) answers \(response.status); a container that is ready answers 200"
    }
  }

  private func problem(_ error: HTTPError) -> String {
    switch error.kind {
    case .connection:
      "Nothing listens at \(base). Start the container, or correct --container"
    case .nameResolution: "The host of \(base) is unknown. Correct --container"
    case .timedOut, .connectionTimedOut:
      "\(base)/ping does not answer within 2 s, SageMaker's limit. See the output of the container"
    case .malformedResponse, .handshakeBroken, .connectionLost:
      "\(base) does not speak HTTP. Correct scheme and port of --container"
    default: "\(base)/ping: \(error.message)"
    }
  }
}
