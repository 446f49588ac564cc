import AWSClient
import AWSControl
import Platform

/// Lambda could not start the requested environments; waiting longer does not help.
package struct ProvisioningFailed: ReportableError, Equatable, Sendable {
  /// The request, and Lambda's reason.
  package let reason: String
  /// What is left, and what to do.
  package let advice: String

  package var errorType: String { "Operations.ProvisioningFailed" }
  package var message: String { reason + (advice.isEmpty ? "" : ". \(advice)") }
}

/// Waits for Lambda to finish a change.
package enum Readiness {
  /// Waits until no update of `$LATEST` is in progress.
  ///
  /// - Parameters:
  ///   - acceptsFailure: whether a failed update is accepted, as it is before the next one.
  ///   - waiter: nil refuses instead of waiting.
  /// - Returns: `$LATEST` as it then is.
  /// - Throws: `Refusal` when the update failed.
  package static func waitForUpdate(
    functionName: String, acceptsFailure: Bool = false, with client: ControlClient,
    _ waiter: Waiter?
  ) throws -> FunctionConfiguration {
    let latest = try wait(
      for: "the update of \(functionName) to be done", waiter
    ) { () throws -> Waiter.Look<FunctionConfiguration> in
      let seen = try client.read(GetFunctionConfiguration(functionName: functionName))
      if seen.lastUpdateStatus == "InProgress" { return .pending("update in progress") }
      if seen.state == "Pending" { return .pending("function pending") }
      return .done(seen)
    }
    guard acceptsFailure || latest.lastUpdateStatus != "Failed" else {
      throw Refusal(
        "Lambda could not update \(functionName): \(latest.lastUpdateStatusReason ?? "no reason given")",
        advice: "Nothing was published, and no alias was changed")
    }
    return latest
  }

  /// Waits until a version can run.
  package static func waitForVersion(
    functionName: String, version: String, with client: ControlClient, _ waiter: Waiter?
  ) throws {
    try wait(for: "version \(version) to be active", waiter) { () throws -> Waiter.Look<Void> in
      let seen = try client.read(
        GetFunctionConfiguration(functionName: functionName, qualifier: version))
      switch seen.state {
      case "Pending": return .pending("Pending")
      case "Failed":
        throw Refusal(
          "Version \(version) of \(functionName) cannot run: \(seen.stateReason ?? "Failed")")
      default: return .done(())
      }
    }
  }

  /// Waits until provisioned concurrency is usable.
  ///
  /// - Throws: `ProvisioningFailed` with Lambda's reason; `Refusal` at the waiter's limit.
  package static func waitForProvisionedConcurrency(
    functionName: String, qualifier: String, with client: ControlClient, _ waiter: Waiter
  ) throws -> ProvisionedConcurrency {
    try waiter.wait(for: "provisioned concurrency of \(qualifier) to be ready") {
      let seen = try client.read(
        GetProvisionedConcurrencyConfig(functionName: functionName, qualifier: qualifier))
      switch seen.status {
      case "READY": return .done(seen)
      case "FAILED":
        throw ProvisioningFailed(
          reason: "Lambda could not provision \(seen.requested) for \(qualifier) of "
            + "\(functionName): \(seen.statusReason ?? "no reason given")", advice: "")
      default: return .pending("\(seen.status), \(seen.allocated) of \(seen.requested)")
      }
    }
  }

  /// Waits until Lambda has moved an alias's provisioned concurrency to the version that the alias
  /// now points to. Until then Lambda leaves the traffic at the old one by weights of its own.
  package static func waitForAlias(
    _ editor: AliasEditor, with client: ControlClient, _ waiter: Waiter
  ) throws {
    let alias = editor.alias
    try waiter.wait(for: "Lambda to move \(alias) with its provisioned concurrency") {
      let seen = try editor.read()
      guard let own = try editor.readProvisionedConcurrency() else { return .done(()) }
      if own.status == "FAILED" {
        throw ProvisioningFailed(
          reason: "Lambda could not provision \(own.requested) for \(alias) at version "
            + "\(seen.functionVersion): \(own.statusReason ?? "no reason given")",
          advice: "Traffic stays where it was. To move it, use alias point --to VERSION")
      }
      guard own.status == "READY", seen.additionalVersionWeights.isEmpty else {
        return .pending("\(own.status), \(AliasState(seen).text)")
      }
      return .done(())
    }
  }

  private static func wait<Value>(
    for activity: String, _ waiter: Waiter?, until look: () throws -> Waiter.Look<Value>
  ) throws -> Value {
    if let waiter { return try waiter.wait(for: activity, until: look) }
    switch try look() {
    case .done(let value): return value
    case .pending(let state):
      throw Refusal(
        "Refused to wait for \(activity): \(state)", advice: "Use --wait, or try again later")
    }
  }
}
