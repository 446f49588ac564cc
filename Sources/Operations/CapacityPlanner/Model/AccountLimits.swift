/// What the account allows in the region.
package struct AccountLimits: Sendable, Hashable {
  /// Concurrent executions quota; 1,000 by default, as low as 10 for a new account.
  package var concurrency: Int
  /// The most that other functions use of the unreserved concurrency. A reserved function is protected
  /// from it.
  package var usedByOthers: Int
  /// From the request for provisioned concurrency to the first environment: "a minute or two" by the
  /// documentation; after it up to 6,000 environments a minute are made.
  package var provisionedPreparation: Duration

  /// Concurrency that can never be reserved or provisioned by one function.
  package static let alwaysUnreserved = 100

  /// An account with Lambda's defaults.
  package init(
    concurrency: Int = 1000, usedByOthers: Int = 0, provisionedPreparation: Duration = .seconds(90)
  ) {
    self.concurrency = concurrency
    self.usedByOthers = usedByOthers
    self.provisionedPreparation = provisionedPreparation
  }

  /// The most that a function can reserve or, without a reservation, provision.
  package var maximumReservable: Int { max(0, concurrency - Self.alwaysUnreserved) }
}
