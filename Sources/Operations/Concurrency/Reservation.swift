import AWSControl

/// Reserved concurrency of a function: a ceiling and a guarantee over all its versions, free of charge.
package enum Reservation {
  /// What a reservation would change.
  package struct Plan: Sendable {
    /// The function.
    package let functionName: String
    /// Reserved now; nil when nothing is.
    package let present: Int?
    /// Reserved afterwards.
    package let wanted: Int
    /// What of the account stays unreserved.
    package let unreservedAfterwards: Int
    /// What somebody should know before.
    package let warnings: [String]
    /// Whether it stops the function altogether.
    package var stopsFunction: Bool { wanted == 0 && present != 0 }
  }

  /// Looks whether it can be, and what it means. Three calls that change nothing.
  ///
  /// - Parameter wanted: 0 or more; 0 throttles everything.
  /// - Throws: `Refusal` when it would leave fewer than 100 of the account unreserved.
  package static func plan(
    reserving wanted: Int, forFunction functionName: String, with client: ControlClient
  ) throws -> Plan {
    let limits = try ConcurrencyLimits.read(functionName: functionName, with: client)
    let provisioned = try client.provisionedConcurrency(ofFunction: functionName)
      .map(\.requested).reduce(0, +)
    let afterwards = limits.unreserved + (limits.reserved ?? 0) - wanted
    // Taking less than before leaves more, however little that is.
    if wanted > limits.reserved ?? 0, afterwards < ConcurrencyLimits.minimumUnreserved {
      throw refusal(wanted, limits, afterwards)
    }
    return Plan(
      functionName: functionName, present: limits.reserved, wanted: wanted,
      unreservedAfterwards: afterwards, warnings: warnings(wanted, provisioned))
  }

  /// Reserves, unless it is so already.
  ///
  /// - Returns: whether something was written, or would be in a dry run.
  package static func apply(_ plan: Plan, with client: ControlClient) throws -> Bool {
    if plan.present == plan.wanted { return false }
    try client.write(PutFunctionConcurrency(functionName: plan.functionName, reserved: plan.wanted))
    return true
  }

  /// Takes the reservation away; the function shares the account's rest again.
  ///
  /// - Returns: what was reserved; nil when nothing was, and nothing was written.
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
        + "\(ConcurrencyLimits.minimumUnreserved) always stay",
      advice: "At most \(limits.reservable) can be reserved for this function. "
        + ConcurrencyLimits.quotaAdvice)
  }

  private static func warnings(_ wanted: Int, _ provisioned: Int) -> [String] {
    var warnings: [String] = []
    if wanted < provisioned {
      warnings.append(
        "\(provisioned) are provisioned, more than the \(wanted) to be reserved: Lambda refuses that until "
          + "less is provisioned")
    } else if wanted == provisioned, wanted > 0 {
      warnings.append(
        "All \(wanted) are provisioned: nothing is left for $LATEST and for versions without provisioned "
          + "concurrency, and what exceeds it is throttled instead of spilling over")
    }
    if wanted == 0 {
      warnings.append(
        "0 throttles every invocation: callers get 429, asynchronous events (uploads) go to the failure queue "
          + "at once")
    }
    return warnings
  }
}
