import AWSClient
import Credentials
import HTTPClient
import Platform
import SigV4

/// Signed calls to AWS's control planes: paging, retries, errors with advice, and the gate that
/// keeps `--dry-run` from writing.
///
/// It is used from one thread only.
package final class ControlClient {
  package let configuration: AWSConfiguration
  /// The time, for waits between attempts and for signatures.
  package let clock: Clock
  package var retryPolicy: RetryPolicy
  /// Receives one line before each wait.
  package var onRetry: (String) -> Void = { _ in }
  let http: HTTPClient
  /// The keys to sign with, resolved for each attempt, so that they are renewed during a long wait
  /// too.
  package let credentials: CredentialProvider
  let plan: ((PlannedWrite) -> Void)?
  private let signer = Signer()

  /// A client.
  ///
  /// - Parameter plan: receives each write instead of AWS (`--dry-run`); nil sends writes.
  package init(
    configuration: AWSConfiguration, http: HTTPClient, credentials: CredentialProvider,
    clock: Clock = .system, retryPolicy: RetryPolicy = RetryPolicy(),
    plan: ((PlannedWrite) -> Void)? = nil
  ) {
    self.configuration = configuration
    self.http = http
    self.credentials = credentials
    self.clock = clock
    self.retryPolicy = retryPolicy
    self.plan = plan
  }

  /// A client of the account and region in the settings.
  ///
  /// - Parameter askCode: prompts for the code of an MFA device; nil without a terminal.
  /// - Throws: `ConfigurationError`, `HTTPError`.
  package convenience init(
    _ settings: AWSSettings, clock: Clock = .system, askCode: AssumeRoleSource.AskCode? = nil,
    plan: ((PlannedWrite) -> Void)? = nil
  ) throws {
    let environment = settings.environment
    let attempts = try environment.integer("AWS_MAX_ATTEMPTS", in: 1...100)
    self.init(
      configuration: try AWSConfiguration(environment: environment),
      http: try HTTPClient(
        trust: TrustStore(environment: environment),
        proxy: ProxyConfiguration(environment: environment)),
      credentials: CredentialProvider(
        chain: CredentialChain.standard(settings, clock: clock, askCode: askCode), clock: clock),
      clock: clock, retryPolicy: attempts.map { RetryPolicy(maximumAttempts: $0) } ?? RetryPolicy(),
      plan: plan)
  }

  /// Whether writes are only shown.
  package var isDryRun: Bool { plan != nil }

  /// Performs a read.
  ///
  /// - Throws: `AWSError` after the last attempt; `CredentialError`.
  @discardableResult
  package func read<Operation: ReadOperation>(_ operation: Operation) throws -> Operation.Output {
    try perform(operation)
  }

  /// Reads something that may not exist.
  ///
  /// - Returns: nil when AWS responds with one of these codes, for example
  ///   `ResourceNotFoundException`.
  package func readIfPresent<Operation: ReadOperation>(
    _ operation: Operation, absent codes: AWSErrorCode...
  ) throws -> Operation.Output? {
    do {
      return try perform(operation)
    } catch let error as AWSError where codes.contains(error.code) {
      return nil
    }
  }

  package func all<Operation: PagedOperation>(_ operation: Operation) throws -> [Operation.Item] {
    var operation = operation
    var items: [Operation.Item] = []
    while true {
      let page = try perform(operation)
      items += page.items
      guard let next = page.nextToken else { return items }
      guard next != operation.pageToken else {
        throw AWSError(
          operation: operation.title, service: Operation.service.aws.displayName,
          code: .malformedResponse, detail: "the page token repeats itself")
      }
      operation.pageToken = next
    }
  }

  /// Performs a write; see `WriteOperation`.
  ///
  /// - Returns: nil in a dry run.
  /// - Throws: `AWSError` after the last attempt; `CredentialError`.
  @discardableResult
  package func write<Operation: WriteOperation>(
    _ operation: Operation
  ) throws -> Operation.Output? {
    if let plan {
      let request = operation.wireRequest
      plan(
        PlannedWrite(
          title: operation.title, method: request.method,
          url: url(of: request, Operation.service), body: request.body))
      return nil
    }
    return try perform(operation)
  }

  // MARK: One request

  /// The request as it would be sent, without a signature: for `--dry-run` and for
  /// `.ci/checks/control-requests.sh`.
  package func unsignedRequest(
    _ operation: some ControlOperation
  ) -> (url: String, request: WireRequest) {
    let request = operation.wireRequest
    return (url(of: request, type(of: operation).service), request)
  }

  private func url(of request: WireRequest, _ service: ControlService) -> String {
    let query = request.query.map {
      "\(PercentEncoded.text($0.name))=\(PercentEncoded.text($0.value))"
    }.joined(separator: "&")
    return configuration.baseURL(of: service.aws, prefix: "") + request.path.encoded
      + (query.isEmpty ? "" : "?\(query)")
  }

  /// Signed for this moment.
  func signed<Operation: ControlOperation>(_ operation: Operation) throws -> HTTPRequest {
    let request = operation.wireRequest
    let service = Operation.service.aws
    try configuration.checkEndpoint(of: service)
    let base = BaseURL(configuration.baseURL(of: service, prefix: ""))
    let headers =
      [HeaderField(name: "Host", value: base.authority)]
      + request.headers.map { HeaderField(name: $0.name, value: $0.value) }
    let signed = signer.sign(
      SigningRequest(
        method: request.method, path: .encoded(Array((base.path + request.path.encoded).utf8)),
        query: request.query, headers: headers, payloadHash: .of(request.body),
        style: service.signingStyle),
      credentials: try credentials.credentials(), region: configuration.region,
      service: service.signingName,
      time: SigningTime(unixSeconds: clock.unixMilliseconds() / 1000))
    var sent = HTTPRequest(
      method: request.method, url: base.origin + signed.target,
      headers: signed.headers.map { HTTPHeader($0.name, $0.value) }
        + [HTTPHeader("User-Agent", "inferencectl/\(Product.version)")],
      body: request.body, timeoutMilliseconds: operation.timeoutMilliseconds,
      maximumBodyBytes: 16 << 20)
    // Else libcurl repeats it by itself when a reused connection breaks.
    sent.isSentOnce = !Operation.isRepeatable
    return sent
  }
}

@available(*, unavailable)
extension ControlClient: Sendable {}
