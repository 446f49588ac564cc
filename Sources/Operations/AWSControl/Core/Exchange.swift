import AWSClient
import HTTPClient

/// One call in the lines of `--debug`: bodies, signatures, and keys are never shown.
struct Exchange {
  private let title: String
  private let startMilliseconds: Int64
  private unowned let client: ControlClient

  /// Reports the request.
  ///
  /// - Parameter request: method and URL; a user and password in it are left out.
  init(title: String, request: String, bodyBytes: Int, on client: ControlClient) {
    self.title = title
    self.client = client
    startMilliseconds = client.clock.monotonicMilliseconds()
    client.onDebug?("\(title): \(Self.withoutUser(request)), \(bodyBytes) bytes")
  }

  /// Reports the response or the last failure.
  func end(_ result: Result<HTTPResponse, AWSError>) {
    guard let debug = client.onDebug else { return }
    let elapsed = client.clock.monotonicMilliseconds() - startMilliseconds
    switch result {
    case .success(let response):
      let id = response.headers["x-amzn-requestid"] ?? response.headers["x-amz-request-id"]
      debug(
        "\(title): status \(response.status) after \(elapsed) ms"
          + (id.map { ", request id \($0)" } ?? ""))
    case .failure(let error): debug("\(error.facts) after \(elapsed) ms")
    }
  }

  /// `GET http://user:password@host/` may be an endpoint behind a gateway.
  private static func withoutUser(_ request: String) -> String {
    guard let scheme = request.range(of: "://") else { return request }
    let rest = request[scheme.upperBound...]
    let authority = rest.prefix { $0 != "/" }
    guard let at = authority.lastIndex(of: "@") else { return request }
    return String(request[..<scheme.upperBound]) + rest[rest.index(after: at)...]
  }
}
