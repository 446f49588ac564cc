import AWSClient
import AWSControl
import Prices

/// Provisioned concurrency of a version or an alias: environments that are ready before an
/// invocation.
package enum Provisioning {
  package struct Plan: Sendable {
    let target: ProvisioningTarget
    /// The present configuration; nil when there is none.
    package let present: ProvisionedConcurrency?
    /// Environments, 1 or more.
    package let wanted: Int
    /// Fixed monthly cost as text.
    package let cost: String
    /// Warnings to print before the change.
    package let warnings: [String]
    package var version: String { target.version }
  }

  /// Checks whether the change is possible, and what it means and costs. About eight reads.
  ///
  /// - Parameter wanted: environments, 1 or more.
  /// - Throws: `Refusal` for `$LATEST`, an alias with weights, a version that is provisioned
  ///   elsewhere, and more than the function's reservation or the account allows.
  package static func plan(
    _ wanted: Int, forFunction functionName: String, qualifier: String,
    prices: ProvisionedPrices, with client: ControlClient
  ) throws -> Plan {
    let target = try ProvisioningTarget.read(
      functionName: functionName, qualifier: qualifier, with: client)
    let present = try client.readIfPresent(
      GetProvisionedConcurrencyConfig(functionName: functionName, qualifier: qualifier),
      absent: .noProvisionedConcurrency)
    let limits = try ConcurrencyLimits.read(functionName: functionName, with: client)
    let others = target.others.map(\.requested).reduce(0, +)
    try limits.check(provisioned: wanted + others, present: (present?.requested ?? 0) + others)
    var warnings: [String] = []
    if limits.reserved == wanted + others {
      warnings.append(
        "This uses the function's whole reservation: nothing is left for $LATEST and for versions without "
          + "provisioned concurrency, and excess invocations are throttled instead of spilling over"
      )
    }
    let resource = ScalableResource.provisionedConcurrency(
      functionName: FunctionName.bare(functionName), qualifier: qualifier)
    let scaling = try client.attempt("The alias's autoscaling", notes: &warnings) {
      try client.all(DescribeScalableTargets(resource: resource)).first
    }
    if let bounds = scaling?.flatMap({ $0 }) {
      warnings.append(
        "\(qualifier) is autoscaled between \(bounds.minimumCapacity) and \(bounds.maximumCapacity): this number will "
          + "not stay. To change the bounds, use concurrency autoscale")
    }
    return Plan(
      target: target, present: present, wanted: wanted,
      cost: prices.text(
        environments: wanted, memoryMegabytes: target.configuration.memorySize ?? 128,
        architecture: target.configuration.architecture), warnings: warnings)
  }

  /// Provisions, unless nothing would change, and waits until all environments are ready.
  ///
  /// - Parameter waiter: nil does not wait.
  /// - Returns: the state at the end; nil in a dry run.
  /// - Throws: `Refusal` with Lambda's reason when it fails, or at the time limit; `Interrupted`,
  ///   while Lambda continues.
  package static func apply(
    _ plan: Plan, with client: ControlClient, waiter: Waiter?
  ) throws -> ProvisionedConcurrency? {
    if let present = plan.present, present.requested == plan.wanted, present.status != "FAILED" {
      if present.status == "READY" || waiter == nil { return present }
    } else {
      let started = try client.write(
        PutProvisionedConcurrencyConfig(
          functionName: plan.target.functionName, qualifier: plan.target.qualifier,
          provisioned: plan.wanted))
      guard let started else { return nil }
      if waiter == nil { return started }
    }
    guard let waiter else { return nil }
    return try wait(for: plan, with: client, waiter: waiter)
  }

  /// Deletes the provisioned concurrency; invocations then run on demand.
  ///
  /// - Returns: what was deleted; nil when there was none.
  /// - Throws: `Refusal` while the qualifier is autoscaled, which would provision it again.
  package static func remove(
    fromFunction functionName: String, qualifier: String, with client: ControlClient
  ) throws -> (removed: ProvisionedConcurrency?, warnings: [String]) {
    try ProvisioningTarget.refuseLatest(qualifier)
    let present = try client.readIfPresent(
      GetProvisionedConcurrencyConfig(functionName: functionName, qualifier: qualifier),
      absent: .noProvisionedConcurrency)
    guard let present else { return (nil, []) }
    var warnings: [String] = []
    let resource = ScalableResource.provisionedConcurrency(
      functionName: FunctionName.bare(functionName), qualifier: qualifier)
    let scaling = try client.attempt("The alias's autoscaling", notes: &warnings) {
      try client.all(DescribeScalableTargets(resource: resource)).first
    }
    if let bounds = scaling?.flatMap({ $0 }) {
      throw Refusal(
        "\(qualifier) is autoscaled between \(bounds.minimumCapacity) and \(bounds.maximumCapacity): deprovisioned environments "
          + "would be provisioned again",
        advice: "End that first: inferencectl concurrency autoscale off --qualifier \(qualifier)")
    }
    try client.write(
      DeleteProvisionedConcurrencyConfig(functionName: functionName, qualifier: qualifier))
    return (present, warnings)
  }

  private static func wait(
    for plan: Plan, with client: ControlClient, waiter: Waiter
  ) throws -> ProvisionedConcurrency {
    let operation = GetProvisionedConcurrencyConfig(
      functionName: plan.target.functionName, qualifier: plan.target.qualifier)
    return try waiter.wait(for: "\(plan.wanted) environments of \(operation.subject)") {
      let state = try client.read(operation)
      if state.status == "FAILED" {
        throw Refusal(
          "Provisioning \(plan.wanted) for \(operation.subject) failed: "
            + (state.statusReason ?? "no reason given"),
          advice:
            "Invoke version \(plan.version) once and read its log: an environment that cannot start is "
            + "the usual cause")
      }
      if state.status == "READY", state.requested == plan.wanted { return .done(state) }
      return .pending("\(state.status), \(state.allocated) of \(state.requested) allocated")
    }
  }
}

extension AWSErrorCode {
  /// This version or alias has none.
  static let noProvisionedConcurrency = AWSErrorCode(
    rawValue: "ProvisionedConcurrencyConfigNotFoundException")
}
