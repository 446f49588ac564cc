import AWSControl

/// The limits of the account and of the function's reservation.
struct ConcurrencyLimits: Sendable {
  /// Environments that Lambda keeps for functions without a reservation.
  static let minimumUnreserved = 100

  let account: Int
  /// Environments that are not reserved for any function.
  let unreserved: Int
  /// The function's reservation; nil when it has none.
  let reserved: Int?

  static func read(functionName: String, with client: ControlClient) throws -> ConcurrencyLimits {
    let reads = ReadGroup(client)
    let limits = Self.read(functionName: functionName, in: reads)
    try reads.run()
    return try limits()
  }

  /// Two calls of a group.
  ///
  /// - Returns: the limits, once the group has run.
  static func read(
    functionName: String, in reads: ReadGroup
  ) -> () throws -> ConcurrencyLimits {
    let settings = reads.add(GetAccountSettings())
    let concurrency = reads.add(GetFunctionConcurrency(functionName: functionName))
    return {
      let account = try settings.get()
      return ConcurrencyLimits(
        account: account.concurrentExecutions,
        unreserved: account.unreservedConcurrentExecutions,
        reserved: try concurrency.get().reserved)
    }
  }

  /// The most environments that can be reserved for this function.
  var reservable: Int {
    max(0, unreserved + (reserved ?? 0) - Self.minimumUnreserved)
  }

  /// How to get a higher quota.
  static let quotaAdvice =
    "Request a higher quota in Service Quotas: AWS Lambda, Concurrent executions (L-B99A9384)"

  /// Checks an amount of provisioned concurrency over all versions of the function.
  ///
  /// - Parameters:
  ///   - total: after the change.
  ///   - present: before it. Whether `unreserved` contains this is not documented, so that only
  ///     what is impossible in either case is refused here; Lambda decides the rest.
  /// - Throws: `Refusal`.
  func check(provisioned total: Int, present: Int) throws {
    if let reserved {
      guard total <= reserved else {
        throw Refusal(
          "All versions together would have \(total) provisioned, but \(reserved) are reserved for the function",
          advice:
            "Reserve at least \(total) first: inferencectl concurrency reserve \(total)"
        )
      }
      return
    }
    let room = max(0, unreserved + present - Self.minimumUnreserved)
    guard total <= room else {
      let reason =
        account <= Self.minimumUnreserved
        ? newAccountReason
        : "Provisioning \(total) would leave fewer than \(Self.minimumUnreserved) unreserved: "
          + "of the account's \(account), \(unreserved) are unreserved, and \(room) can be provisioned"
      throw Refusal(reason, advice: Self.quotaAdvice)
    }
  }

  /// The reason in an account with a small quota.
  var newAccountReason: String {
    "This account's quota is \(account) concurrent executions, as is common for a new account, and "
      + "\(Self.minimumUnreserved) must stay unreserved: nothing can be reserved or provisioned"
  }
}
