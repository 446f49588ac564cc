import AWSControl

/// Reserved concurrency of a function: a ceiling and a guarantee over all its versions, free of
/// charge.
package enum Reservation {
  package struct Plan: Sendable {
    package let functionName: String
    /// Present reservation; nil when there is none.
    package let present: Int?
    package let wanted: Int
    /// Unreserved concurrency of the account afterwards.
    package let unreservedAfterwards: Int
    /// Warnings to print before the change.
    package let warnings: [String]
    /// Whether it throttles every invocation.
    package var stopsFunction: Bool { wanted == 0 && present != 0 }
  }

  /// Checks whether the change is possible, and what it means. Four reads at the same time.
  ///
  /// - Parameter wanted: 0 or more; 0 throttles everything.
  /// - Throws: `Refusal` when it would leave fewer than 100 of the account unreserved.
  package static func plan(
    reserving wanted: Int, forFunction functionName: String, with client: ControlClient
  ) throws -> Plan {
    let reads = ReadGroup(client)
    let limitReads = ConcurrencyLimits.read(functionName: functionName, in: reads)
    let configurations = reads.addAll(
      ListProvisionedConcurrencyConfigs(functionName: functionName))
    let week = WeeklyPeak.read(
      functionName: functionName, in: reads, unixMilliseconds: client.clock.unixMilliseconds())
    try reads.run()
    let limits = try limitReads()
    let provisioned = try configurations.orNone().map(\.requested).reduce(0, +)
    let afterwards = limits.unreserved + (limits.reserved ?? 0) - wanted
    // A smaller reservation always leaves more.
    if wanted > limits.reserved ?? 0, afterwards < ConcurrencyLimits.minimumUnreserved {
      throw refusal(wanted, limits, afterwards)
    }
    var warnings = warnings(wanted, provisioned)
    let peak = try client.attempt("Last week's peak", notes: &warnings) { try week() }
    if wanted > 0, let peak = peak?.flatMap({ $0 }), Double(wanted) < peak {
      warnings.append(
        "Last week's peak was \(Int(peak)) concurrent executions: invocations above \(wanted) at the same "
          + "time will be throttled")
    }
    return Plan(
      functionName: functionName, present: limits.reserved, wanted: wanted,
      unreservedAfterwards: afterwards, warnings: warnings)
  }

  /// Reserves, unless nothing would change.
  ///
  /// - Returns: whether something was written; in a dry run, planned.
  package static func apply(_ plan: Plan, with client: ControlClient) throws -> Bool {
    if plan.present == plan.wanted { return false }
    try client.write(PutFunctionConcurrency(functionName: plan.functionName, reserved: plan.wanted))
    return true
  }

  /// Deletes the reservation; the function shares the account's unreserved concurrency again.
  ///
  /// - Returns: the former reservation; nil when there was none.
  package static func remove(
    fromFunction functionName: String, with client: ControlClient
  ) throws -> Int? {
    let present = try client.read(GetFunctionConcurrency(functionName: functionName)).reserved
    if present != nil { try client.write(DeleteFunctionConcurrency(functionName: functionName)) }
    return present
  }

  private static func refusal(
    _ wanted: Int, _ limits: ConcurrencyLimits, _ afterwards: Int
  ) -> Refusal {
    if limits.account <= ConcurrencyLimits.minimumUnreserved {
      return Refusal(limits.newAccountReason, advice: ConcurrencyLimits.quotaAdvice)
    }
    return Refusal(
      "Reserving \(wanted) would leave \(max(0, afterwards)) of the account's \(limits.account) unreserved, and "
        + "\(ConcurrencyLimits.minimumUnreserved) must stay unreserved",
      advice: "At most \(limits.reservable) can be reserved for this function. "
        + ConcurrencyLimits.quotaAdvice)
  }

  private static func warnings(_ wanted: Int, _ provisioned: Int) -> [String] {
    var warnings: [String] = []
    if wanted < provisioned {
      warnings.append(
        "\(provisioned) are provisioned, more than the \(wanted) to reserve: Lambda refuses that until "
          + "fewer are provisioned")
    } else if wanted == provisioned, wanted > 0 {
      warnings.append(
        "All \(wanted) are provisioned: nothing is left for $LATEST and for versions without provisioned "
          + "concurrency, and excess invocations are throttled instead of spilling over")
    }
    if wanted == 0 {
      warnings.append(
        "0 throttles every invocation: callers get 429, asynchronous events (uploads) go to the failure queue "
          + "at once")
    }
    return warnings
  }
}
