import Foundation
import Prices

/// Searches for the cheapest settings that keep a service level.
///
/// Every fixed number of instances is crossed with every setting of the function, in the order of what it costs at
/// least, until nothing cheaper is left; endpoints whose capacity follows the traffic are crossed when they are on the
/// front of cost and latency. Then the numbers of the best are narrowed down, and the cheapest are simulated on several
/// draws until one is sure to meet the objective. The search is deterministic, whatever the number of threads. It is a
/// search over a grid and its refinement: the recommendation is the best that was tried, not a proven optimum.
package struct Planner: Sendable {
  package var function: FunctionModel
  /// The function with other memory or another architecture, and the durations measured there.
  package var variants: [FunctionModel] = []
  package var account: AccountLimits
  /// Endpoints to choose among; their numbers of instances and scaling are searched. None for a function without one.
  package var endpoints: [EndpointModel]
  package var serviceLevel: ServiceLevel
  package var prices: PriceList
  /// Whether the free tier is subtracted.
  package var includesFreeTier: Bool
  /// Kinds of settings that are tried.
  package var kinds: Set<Alternative.Kind>
  package var assumptions = Assumptions()
  /// The clock of schedules, hours and days.
  package var timeZone = TimeZone.gmt
  package var seed: UInt64
  /// Whether the cheapest are simulated on several draws.
  package var replicates = true

  package var endpoint: EndpointModel? {
    get { endpoints.first }
    set { endpoints = newValue.map { [$0] } ?? [] }
  }

  package init(
    function: FunctionModel, account: AccountLimits = AccountLimits(),
    endpoint: EndpointModel? = nil, serviceLevel: ServiceLevel, prices: PriceList,
    includesFreeTier: Bool = false,
    kinds: Set<Alternative.Kind> = Set(Alternative.Kind.allCases), seed: UInt64 = 1
  ) {
    self.function = function
    self.account = account
    endpoints = endpoint.map { [$0] } ?? []
    self.serviceLevel = serviceLevel
    self.prices = prices
    self.includesFreeTier = includesFreeTier
    self.kinds = kinds
    self.seed = seed
  }

  /// How far a search is.
  package struct Progress: Sendable, Hashable {
    package let completed: Int
    /// Simulations as far as is known now; it grows when the search narrows down.
    package let total: Int
  }

  /// Why a search cannot begin.
  package enum Failure: Error, CustomStringConvertible {
    /// AWS would refuse the function, the account or the endpoint.
    case scenario(ScenarioError)
    case prices(PriceError)
    /// No setting is possible in this account; the text says what is needed and what there is.
    case nothingToTry(String)

    package var description: String {
      switch self {
      case .scenario(let error): error.description
      case .prices(let error): error.description
      case .nothingToTry(let need): "none of the kinds of settings is possible: \(need)"
      }
    }
  }

  /// How every simulation of a search runs; the seed is the planner's.
  package func options(for scenario: Scenario, _ traffic: Traffic) -> Simulation.Options {
    var options = Simulation.Options()
    options.seed = seed
    options.seriesPoints = 1
    options.leadIn = Simulation.leadIn(scenario.function, traffic)
    options.limit = serviceLevel.latency
    if let start = traffic.startUnixSeconds {
      let offset = timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: start))
      let rest = (start + Double(offset)).truncatingRemainder(dividingBy: 3600)
      options.sinceFullHour = .seconds(rest < 0 ? rest + 3600 : rest)
    }
    return options
  }

  /// A scenario of this planner's function and account.
  package func scenario(
    _ concurrency: ConcurrencySettings = ConcurrencySettings(), _ endpoint: EndpointModel? = nil
  ) -> Scenario {
    Scenario(
      function: function, account: account, concurrency: concurrency, endpoint: endpoint,
      assumptions: assumptions)
  }

  /// - Parameter progress: called after each simulation, from one thread at a time.
  /// - Throws: ``Failure``.
  package func plan(
    for traffic: Traffic, progress: (@Sendable (Progress) -> Void)? = nil
  ) throws(Failure) -> Plan {
    try check(traffic)
    let search = Search(self, traffic, progress)
    let sweep = Sweep(self, traffic, search)
    var found = sweep.run()
    found = search.judged(found + Refinement(search, kinds).run(found))
    found = search.judged(found + variantsOfBest(found, search))
    guard !found.isEmpty else { throw .nothingToTry(need(of: traffic)) }
    if replicates { found = Verification(self, traffic, search).run(found) }
    return Plan(found, serviceLevel)
  }

  private func check(_ traffic: Traffic) throws(Failure) {
    let models: [EndpointModel?] = endpoints.isEmpty ? [nil] : endpoints.map(Self.smallest)
    for function in [function] + variants {
      for endpoint in models {
        var base = scenario(ConcurrencySettings(), endpoint)
        base.function = function
        let problems = base.problems
        guard problems.isEmpty else { throw .scenario(ScenarioError(problems: problems)) }
      }
    }
    for endpoint in endpoints {
      do throws(PriceError) { _ = try prices.fixedCost(of: scenario(.init(), endpoint)) } catch {
        throw .prices(error)
      }
    }
  }

  /// By Little's law, at the mean rate: what the traffic needs at least, and what there is.
  private func need(of traffic: Traffic) -> String {
    func text(_ amount: Double) -> String { PlanText.grouped(Int(min(amount, 1e15).rounded(.up))) }
    let rate = traffic.meanRatePerSecond
    let service = endpoints.filter { !$0.isAsynchronous }.map(\.serviceTime.meanSeconds).min() ?? 0
    let instances = endpoints.filter { $0.serverless == nil }.map {
      " and \(text(rate / $0.maximumRatePerInstance)) × \($0.instanceType) (at most "
        + "\(PlanText.grouped(EndpointModel.mostInstances)) are simulated)"
    }
    return "\(text(rate)) requests per second on average need at least "
      + "\(text(rate * (function.duration.meanSeconds + service))) concurrent executions (the account has "
      + "\(PlanText.grouped(account.concurrency)), of which \(PlanText.grouped(account.maximumReservable)) can be "
      + "reserved or provisioned)" + instances.joined()
  }

  /// An asynchronous endpoint without scaling needs an instance.
  private static func smallest(_ model: EndpointModel) -> EndpointModel? {
    var model = model
    if model.isAsynchronous, model.tracking == nil { model.instances = max(1, model.instances) }
    return model
  }

  /// Simulates one alternative again with the series for plots.
  ///
  /// - Throws: ``ScenarioError`` when it was changed to something that AWS would refuse.
  package func outcome(
    of alternative: Alternative, traffic: Traffic, seriesPoints: Int = 600,
    pointLength: Duration? = nil, seed: UInt64? = nil
  ) throws(ScenarioError) -> Outcome {
    var options = options(for: alternative.scenario, traffic)
    options.seriesPoints = max(1, seriesPoints)
    options.pointLength = pointLength
    if let seed { options.seed = seed }
    return try Simulation(alternative.scenario, options).run(traffic)
  }

  /// What a given setting costs and does, on several draws.
  ///
  /// - Throws: ``Failure`` when AWS would refuse it or it has no price.
  package func alternative(
    _ scenario: Scenario, traffic: Traffic
  ) throws(Failure) -> Alternative {
    let problems = scenario.problems
    guard problems.isEmpty else { throw .scenario(ScenarioError(problems: problems)) }
    do throws(PriceError) { _ = try prices.fixedCost(of: scenario) } catch { throw .prices(error) }
    guard var alternative = Search(self, traffic, nil).simulate([scenario]).first else {
      throw .nothingToTry(need(of: traffic))
    }
    alternative.certainty =
      Replications(planner: self, traffic: traffic, level: serviceLevel).certainty(of: scenario)
    return alternative
  }

  /// The function with other memory or architecture, with the settings of the cheapest that meet the objective.
  private func variantsOfBest(_ found: [Alternative], _ search: Search) -> [Alternative] {
    guard !variants.isEmpty else { return [] }
    let good = found.filter(\.meetsServiceLevel).sorted(by: Alternative.isBetter).prefix(6)
    let models = good.isEmpty ? found.sorted(by: Alternative.isFaster).prefix(6) : good
    return search.simulate(
      variants.flatMap { variant in
        models.map { alternative in
          var scenario = alternative.scenario
          scenario.function = variant
          return scenario
        }
      })
  }
}
