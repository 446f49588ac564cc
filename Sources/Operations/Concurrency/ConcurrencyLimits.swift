import AWSControl

/// The room that the account and the function's reservation leave.
struct ConcurrencyLimits: Sendable {
  /// What Lambda keeps for functions without a reservation, whatever is reserved.
  static let minimumUnreserved = 100

  /// Environments of the whole account.
  let account: Int
  /// What is not reserved for any function.
  let unreserved: Int
  /// The function's reservation; nil when it has none.
  let reserved: Int?

  static func read(functionName: String, with client: ControlClient) throws -> ConcurrencyLimits {
    let settings = try client.read(GetAccountSettings())
    let concurrency = try client.read(GetFunctionConcurrency(functionName: functionName))
    return ConcurrencyLimits(
      account: settings.concurrentExecutions, unreserved: settings.unreservedConcurrentExecutions,
      reserved: concurrency.reserved)
  }

  /// The most that could be reserved for this function.
  var reservable: Int {
    max(0, unreserved + (reserved ?? 0) - Self.minimumUnreserved)
  }

  /// Where a greater quota comes from.
  static let quotaAdvice =
    "Ask for a greater quota in Service Quotas: AWS Lambda, Concurrent executions (L-B99A9384)"

  /// Checks that the function may have so much provisioned concurrency on all its versions together.
  ///
  /// - Parameters:
  ///   - total: after the change.
  ///   - present: before it. Whether `unreserved` contains this is not documented, so that only what cannot
  ///     go in either case is refused here; the rest is Lambda's to say.
  /// - Throws: `Refusal`.
  func check(provisioned total: Int, present: Int) throws {
    if let reserved {
      guard total <= reserved else {
        throw Refusal(
          "That makes \(total) provisioned on all versions together, and \(reserved) are reserved for the function",
          advice:
            "Reserve at least \(total) first, or nothing: inferencectl concurrency reserve \(total)"
        )
      }
      return
    }
    let room = max(0, unreserved + present - Self.minimumUnreserved)
    guard total <= room else {
      let reason =
        account <= Self.minimumUnreserved
        ? newAccountReason
        : "Provisioning \(total) would leave less than the \(Self.minimumUnreserved) that stay unreserved: "
          + "of the account's \(account), \(unreserved) are unreserved, and \(room) can be provisioned"
      throw Refusal(reason, advice: Self.quotaAdvice)
    }
  }

  /// Why nothing goes in an account with a small quota.
  var newAccountReason: String {
    "This account's quota is \(account) concurrent executions, as a new account's often is, and "
      + "\(Self.minimumUnreserved) have to stay unreserved: nothing can be reserved or provisioned"
  }
}
