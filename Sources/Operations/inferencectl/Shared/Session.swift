import AWSControl
import Credentials
import Foundation
import JSON
import Platform

/// What a running command works with: the client, the console, waits, questions.
final class Session {
  let shared: SharedOptions
  let console: Console
  let clock: Clock
  let progress: ProgressLine
  let environment: [String: String]
  private let interruption = Interruption()
  private var madeSettings: AWSSettings?
  private var madeClient: ControlClient?

  init(
    shared: SharedOptions, environment: [String: String], console: Console, clock: Clock
  ) {
    self.shared = shared
    self.environment = environment
    self.console = console
    self.clock = clock
    progress = ProgressLine(console)
  }

  /// Account, region and endpoint; resolved when it is first asked for.
  ///
  /// - Throws: `ConfigurationError` without a region, `CredentialError` for a profile that is not there.
  func settings() throws -> AWSSettings {
    if let madeSettings { return madeSettings }
    let settings = try AWSSettings(
      variables: environment, profile: shared.profile, region: shared.region,
      endpointURL: shared.endpointURL, instanceRegion: CredentialChain.instanceRegion)
    madeSettings = settings
    return settings
  }

  /// Calls AWS; made when it is first asked for.
  ///
  /// - Throws: what `settings` throws.
  func client() throws -> ControlClient {
    if let madeClient { return madeClient }
    let plan: ((PlannedWrite) -> Void)? =
      shared.dryRun ? { [console] in console.answer($0.text) } : nil
    let askCode: AssumeRoleSource.AskCode? =
      console.isInteractive
      ? { [console, progress] serial in
        progress.clear()
        return console.ask("MFA code of \(serial): ")
      } : nil
    let client = try ControlClient(settings(), clock: clock, askCode: askCode, plan: plan)
    client.onRetry = { [progress] in progress.show($0) }
    madeClient = client
    return client
  }

  /// A waiter that shows its progress on a terminal and ends at Ctrl-C.
  func waiter(intervalSeconds: Int = 2, limitSeconds: Int = 600) -> Waiter {
    interruption.arm()
    return Waiter(
      clock: clock, intervalMilliseconds: Int64(intervalSeconds) * 1000,
      limitMilliseconds: Int64(limitSeconds) * 1000,
      onProgress: { [progress] activity, state, elapsed in
        progress.show("\(activity): \(state), \(elapsed / 1000) s")
      },
      isInterrupted: { [interruption] in interruption.isRequested })
  }

  /// Whether Ctrl-C was pressed since the first waiter was made; twice ends the program.
  var isInterrupted: Bool { interruption.isRequested }

  /// Writes a result as the user wants it.
  func print(_ table: @autoclosure () -> Table, json: @autoclosure () -> JSONValue) {
    progress.clear()
    switch shared.output {
    case .table: console.answer(table().text)
    case .json: console.answer(PrettyJSON.text(json()))
    }
  }

  /// Says what was done: with `--output json` on standard error, so that standard output stays JSON.
  func say(_ line: String) {
    progress.clear()
    shared.output == .json ? console.note(line) : console.answer(line)
  }

  /// Makes sure that something which cannot be undone is wanted.
  ///
  /// - Parameter action: as `Delete versions 3 and 4 of photo-classifier`.
  /// - Throws: `Refusal` unless `--yes` or `--dry-run` was given, or a person answers y.
  func confirm(_ action: String) throws {
    if shared.yes || shared.dryRun { return }
    guard console.isInteractive else {
      throw Refusal("\(action): this cannot be undone", advice: "Use --yes to do it")
    }
    guard ["y", "yes"].contains(console.ask("\(action)? [y/N] ").lowercased()) else {
      throw Refusal("\(action): not done")
    }
  }

  /// Takes the progress line away and lets Ctrl-C end the program again.
  func end() {
    progress.clear()
    interruption.disarm()
  }
}
