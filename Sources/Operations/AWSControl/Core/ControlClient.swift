import AWSClient
import Credentials
import HTTPClient
import Platform

/// AWS's control planes: typed operations, paging, errors with advice, and the gate that keeps
/// `--dry-run` from writing. Calls are signed, sent, and retried by `AWSClient`.
///
/// It is used from one thread only.
package final class ControlClient {
  package let configuration: AWSConfiguration
  /// The time, for waits between attempts and for signatures.
  package let clock: Clock
  /// Receives one line before each wait.
  package var onRetry: (String) -> Void = { _ in }
  /// Receives a line for each request, response, and retry, without secrets; nil for none.
  package var onDebug: ((String) -> Void)?
  /// Whether Ctrl-C was pressed, for pauses between attempts; nil pauses in one piece.
  package var isInterrupted: (() -> Bool)? {
    get { pauses.isInterrupted }
    set { pauses.isInterrupted = newValue }
  }
  /// How long a write waits for another change of the same object to end, in milliseconds.
  package var conflictLimitMilliseconds: Int64 = 300_000
  /// Attempts and waits.
  package var policy: CallPolicy {
    get { aws.policy }
    set { aws.policy = newValue }
  }
  /// Answers operations in place of AWS, for a test with thousands of runs; nil sends them.
  package var answer: ((any ControlOperation) throws -> HTTPResponse)?
  let aws: AWSClient
  /// The keys to sign with, resolved for each call, so that they are renewed during a long wait too.
  package let credentials: CredentialProvider
  let plan: ((PlannedWrite) -> Void)?
  let pauses: Pauses

  /// A client.
  ///
  /// - Parameter plan: receives each write instead of AWS (`--dry-run`); nil sends writes.
  package init(
    configuration: AWSConfiguration, http: HTTPClient, credentials: CredentialProvider,
    clock: Clock = .system, policy: CallPolicy = .operatorsTool(),
    plan: ((PlannedWrite) -> Void)? = nil
  ) {
    self.configuration = configuration
    self.credentials = credentials
    self.clock = clock
    self.plan = plan
    let pauses = Pauses(clock: clock)
    self.pauses = pauses
    aws = AWSClient(
      configuration: configuration, http: http, clock: clock, policy: policy,
      userAgent: "inferencectl/\(Product.version)"
    ) { pause, action in
      // Without its action a call ends without a result.
      if pauses.take(pause) { action() }
    }
    aws.onRetry = { [unowned self] failure, pause in
      onRetry("\(failure.operation): \(failure.code.rawValue), retry in \(pause) ms")
      onDebug?("\(failure.facts), retry in \(pause) ms")
    }
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
      clock: clock, policy: .operatorsTool(maximumAttempts: attempts ?? 8), plan: plan)
  }

  /// Whether writes are only shown.
  package var isDryRun: Bool { plan != nil }

  /// Performs a read.
  ///
  /// - Throws: `AWSError` after the last attempt; `CredentialError`; `ConfigurationError`.
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
      guard let next = try operation.next(after: page) else { return items }
      operation = next
    }
  }

  /// Performs a write; see `WriteOperation`.
  ///
  /// Another change of the same object that is in progress is waited for. A refusal counts as
  /// success when the goal is reached nevertheless, as after a lost response.
  ///
  /// - Returns: nil in a dry run.
  /// - Throws: `AWSError` after the last attempt; `Interrupted`; `CredentialError`;
  ///   `ConfigurationError`.
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
    do {
      return try waitingForOthers(operation.title) { try perform(operation) }
    } catch let error as AWSError {
      guard let output = try operation.outputIfReached(after: error, with: self) else {
        throw error
      }
      onDebug?("\(operation.title): the goal is reached already")
      return output
    }
  }

  /// Tries again while another change of the same object is in progress.
  private func waitingForOthers<Value>(
    _ title: String, _ body: () throws -> Value
  ) throws -> Value {
    let start = clock.monotonicMilliseconds()
    pauses.begin()
    while true {
      do {
        return try body()
      } catch let error as AWSError where Conflict.isInProgress(error) {
        let elapsed = clock.monotonicMilliseconds() - start
        guard elapsed + Conflict.pauseMilliseconds <= conflictLimitMilliseconds else {
          throw error.with(
            advice: "Another change has been in progress for \(elapsed / 1000) s. Repeat the "
              + "command when it has ended")
        }
        onRetry(
          "\(title): another change is in progress, retry in \(Conflict.pauseMilliseconds) ms")
        guard pauses.take(Conflict.pauseMilliseconds) else {
          throw Interrupted(activity: "another change of the same object to end (\(title))")
        }
      }
    }
  }
}

@available(*, unavailable)
extension ControlClient: Sendable {}
