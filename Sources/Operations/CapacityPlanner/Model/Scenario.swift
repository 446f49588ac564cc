/// One thing to simulate: the function, its account, its settings, the endpoint.
package struct Scenario: Sendable, Hashable {
  package var function: FunctionModel
  package var account: AccountLimits
  package var concurrency: ConcurrencySettings
  /// What the function waits for; nil for a function that calls nothing.
  package var endpoint: EndpointModel?
  /// Where AWS's documents leave a choice.
  package var assumptions: Assumptions

  package init(
    function: FunctionModel, account: AccountLimits = AccountLimits(),
    concurrency: ConcurrencySettings = ConcurrencySettings(), endpoint: EndpointModel? = nil,
    assumptions: Assumptions = Assumptions()
  ) {
    self.function = function
    self.account = account
    self.concurrency = concurrency
    self.endpoint = endpoint
    self.assumptions = assumptions
  }

  /// What AWS would refuse or the model cannot take, a sentence each; empty when all is well.
  package var problems: [String] {
    var problems = function.problems
    if !(1...1_000_000_000).contains(account.concurrency) {
      problems.append("the account's concurrency must be 1 to 1,000,000,000")
    }
    if account.usedByOthers < 0 || account.usedByOthers > account.concurrency {
      problems.append(
        "other functions cannot use \(account.usedByOthers) of \(account.concurrency)")
    }
    problems += concurrency.problems(in: account)
    problems += endpoint?.problems ?? []
    problems += assumptions.problems
    if concurrency.provisioned != nil {
      let limit = InitRule.provisionedLimit(timeout: function.timeout)
      if function.initDuration > limit {
        problems.append(
          "an init of \(DurationText.text(function.initDuration)) exceeds \(DurationText.text(limit)), "
            + "so provisioned concurrency fails")
      }
    }
    return problems
  }
}

/// A scenario that AWS would refuse.
package struct ScenarioError: Error, Equatable, CustomStringConvertible {
  package let problems: [String]

  /// All of them, for a person.
  package var description: String { problems.joined(separator: "; ") }
}
