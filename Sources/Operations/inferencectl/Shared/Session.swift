import AWSControl
import Credentials
import Foundation
import JSON
import Platform

/// What a running command works with: the client, its output, waits, questions.
final class Session {
  let shared: SharedOptions
  let isJSON: Bool
  let console: Console
  let clock: Clock
  let output: CommandOutput
  let environment: [String: String]
  private let interruption = Interruption()
  private var madeSettings: AWSSettings?
  private var madeClient: ControlClient?

  /// - Throws: `ConfigurationError` for an output format in the settings that does not exist.
  init(
    shared: SharedOptions, environment: [String: String], console: Console, clock: Clock
  ) throws(ConfigurationError) {
    self.shared = shared
    isJSON =
      try SharedOptions.Output.resolved(
        shared.output, profile: shared.profile, environment: environment) == .json
    self.environment = environment
    self.console = console
    self.clock = clock
    output = CommandOutput(console, isJSON: isJSON, isDryRun: shared.dryRun, clock: clock)
  }

  var progress: ProgressLine { output.progress }

  /// Account, region and endpoint, resolved at the first access.
  ///
  /// - Throws: `ConfigurationError` without a region, `CredentialError` for a profile that does not
  ///   exist.
  func settings() throws -> AWSSettings {
    if let madeSettings { return madeSettings }
    let settings = try AWSSettings(
      variables: environment, profile: shared.profile, region: shared.region,
      endpointURL: shared.endpointURL, instanceRegion: CredentialChain.instanceRegion)
    madeSettings = settings
    return settings
  }

  /// The client of all calls to AWS, made at the first access.
  ///
  /// - Throws: what `settings` throws.
  func client() throws -> ControlClient {
    if let madeClient { return madeClient }
    let client = try makeClient(settings())
    if shared.debug {
      output.note("Debug: region \(try settings().region) from \(try settings().regionOrigin)")
    }
    madeClient = client
    return client
  }

  /// A client that signs for another region, for a global service.
  ///
  /// - Parameter region: nil for the region of the settings.
  /// - Throws: what `settings` throws.
  func client(region: String?) throws -> ControlClient {
    guard let region, try region != settings().region else { return try client() }
    return try makeClient(
      AWSSettings(
        variables: environment, profile: shared.profile, region: region,
        endpointURL: shared.endpointURL))
  }

  private func makeClient(_ settings: AWSSettings) throws -> ControlClient {
    let plan: ((PlannedWrite) -> Void)? =
      shared.dryRun ? { [output] in output.add($0) } : nil
    let askCode: AssumeRoleSource.AskCode? =
      console.isInteractive
      ? { [console, progress] serial in
        progress.clear()
        return console.ask("MFA code of \(serial): ")
      } : nil
    let client = try ControlClient(settings, clock: clock, askCode: askCode, plan: plan)
    client.onRetry = { [progress] in progress.show($0) }
    client.isInterrupted = { [interruption] in interruption.isRequested }
    if shared.debug { client.onDebug = { [output] in output.note("Debug: \($0)") } }
    return client
  }

  // MARK: Waiting

  /// A waiter that shows its progress and stops at Ctrl-C.
  func waiter(intervalSeconds: Int = 2, limitSeconds: Int = 600) -> Waiter {
    armInterruption()
    return Waiter(
      clock: clock, intervalMilliseconds: Int64(intervalSeconds) * 1000,
      limitMilliseconds: Int64(limitSeconds) * 1000,
      onProgress: { [progress] activity, state, elapsed in
        progress.show("\(activity): \(state)", elapsedMilliseconds: elapsed)
      },
      isInterrupted: { [interruption] in interruption.isRequested })
  }

  /// For SageMaker's instances, which take 3 to 10 minutes to start, longer with a large model.
  func endpointWaiter() -> Waiter { waiter(intervalSeconds: 5, limitSeconds: 3600) }

  /// From now on Ctrl-C, SIGTERM, and a closed terminal only set `isInterrupted`; a second Ctrl-C or SIGTERM ends the
  /// program, after the processes that it started.
  func armInterruption() {
    interruption.arm { [console] in
      console.note("Interrupted: ending the current step. To stop at once, press Ctrl-C again")
    }
  }

  /// The signal that was received since then.
  var interruptionSignal: Int32? { interruption.signalNumber }

  /// Whether the command was interrupted since then.
  var isInterrupted: Bool { interruption.isRequested }

  /// Asks before something that cannot be undone.
  ///
  /// - Parameter action: for example `Delete versions 3 and 4 of photo-classifier`.
  /// - Throws: `Refusal` unless `--yes` or `--dry-run` was given, or a person answers y.
  func confirm(_ action: String) throws {
    if shared.yes || shared.dryRun { return }
    guard console.isInteractive else {
      throw Refusal("\(action): this cannot be undone", advice: "To confirm, add --yes")
    }
    guard ["y", "yes"].contains(console.ask("\(action)? [y/N] ").lowercased()) else {
      throw Refusal("\(action): not done")
    }
  }

  /// Asks before something that takes long or a lot of disk.
  ///
  /// - Throws: `Refusal` unless `--yes` or `--dry-run` was given, or a person answers y.
  func agree(to action: String, otherwise advice: String) throws {
    if shared.yes || shared.dryRun { return }
    guard console.isInteractive else {
      throw Refusal(action, advice: "To agree, add --yes. \(advice)")
    }
    guard ["y", "yes"].contains(console.ask("\(action). Continue? [y/N] ").lowercased()) else {
      throw Refusal("\(action): not done", advice: advice)
    }
  }

  /// Erases the progress line and lets Ctrl-C end the program again.
  func end() {
    progress.clear()
    interruption.disarm()
  }
}
