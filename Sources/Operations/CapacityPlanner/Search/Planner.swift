import Foundation
import Prices
import Synchronization

/// Searches for the cheapest settings that keep a service level.
///
/// It tries the endpoint's candidates with a function that is always warm, keeps those on the front of cost against
/// latency, crosses them with the function's candidates, and then narrows the numbers of the best of each kind down.
/// All are simulated on the same arrivals. The search is deterministic, whatever the number of threads. It is a search
/// over a grid and its refinement: the recommendation is the best that was tried, not a proven optimum.
package struct Planner: Sendable {
  /// The function.
  package var function: FunctionModel
  /// The account.
  package var account: AccountLimits
  /// The endpoint; its numbers of instances and scaling are what is searched. Nil when there is none.
  package var endpoint: EndpointModel?
  /// The promise.
  package var serviceLevel: ServiceLevel
  /// Prices.
  package var prices: PriceList
  /// Whether the free tier is subtracted.
  package var includesFreeTier: Bool
  /// Kinds of settings that are tried.
  package var kinds: Set<Alternative.Kind>
  /// Seed of all simulations.
  package var seed: UInt64

  /// Endpoint candidates that are crossed with the function's, at most.
  private static let endpointsKept = 16

  /// A search; by default of all kinds and without the free tier.
  package init(
    function: FunctionModel, account: AccountLimits = AccountLimits(),
    endpoint: EndpointModel? = nil,
    serviceLevel: ServiceLevel, prices: PriceList, includesFreeTier: Bool = false,
    kinds: Set<Alternative.Kind> = Set(Alternative.Kind.allCases), seed: UInt64 = 1
  ) {
    self.function = function
    self.account = account
    self.endpoint = endpoint
    self.serviceLevel = serviceLevel
    self.prices = prices
    self.includesFreeTier = includesFreeTier
    self.kinds = kinds
    self.seed = seed
  }

  /// How far a search is.
  package struct Progress: Sendable, Hashable {
    /// Simulations that are done.
    package let completed: Int
    /// Simulations as far as is known now; it grows when the search narrows down.
    package let total: Int
  }

  /// Why a search cannot begin.
  package enum Failure: Error, CustomStringConvertible {
    /// AWS would refuse the function, the account or the endpoint.
    case scenario(ScenarioError)
    /// A price is missing.
    case prices(PriceError)
    /// No kind of setting is possible in this account.
    case nothingToTry

    /// What is wrong, for a person.
    package var description: String {
      switch self {
      case .scenario(let error): error.description
      case .prices(let error): error.description
      case .nothingToTry: "none of the chosen kinds of settings is possible in this account"
      }
    }
  }

  /// Searches.
  ///
  /// - Parameter progress: called after each simulation, from one thread at a time.
  /// - Throws: ``Failure``.
  package func plan(
    for traffic: Traffic, progress: (@Sendable (Progress) -> Void)? = nil
  ) throws(Failure) -> Plan {
    let search = Search(self, traffic, progress)
    let base = Scenario(function: function, account: account, endpoint: endpoint)
    guard base.problems.isEmpty else { throw .scenario(ScenarioError(problems: base.problems)) }
    if let endpoint {
      do throws(PriceError) { _ = try prices.hostingPerHour(endpoint.instanceType) } catch {
        throw .prices(error)
      }
    }
    let seconds = function.duration.meanSeconds + (endpoint?.serviceTime.meanSeconds ?? 0)
    let candidates = Candidates(
      demand: Demand(traffic, secondsPerRequest: seconds), account: account)
    let settings = candidates.concurrency(kinds)
    guard !settings.isEmpty else { throw .nothingToTry }
    let endpoints =
      endpoint.map { endpointsWorthCrossing(candidates.endpoints($0), search) } ?? [nil]
    var found = search.simulate(
      endpoints.flatMap { endpoint in
        settings.map {
          Scenario(function: function, account: account, concurrency: $0, endpoint: endpoint)
        }
      })
    found += Refinement(search, kinds).run(found)
    guard let first = found.first else { throw .nothingToTry }
    return Plan(found, nearest: first, serviceLevel)
  }

  /// Simulates one alternative again with the series for plots.
  ///
  /// - Throws: ``ScenarioError`` when it was changed to something that AWS would refuse.
  package func outcome(
    of alternative: Alternative, traffic: Traffic, seriesPoints: Int = 600
  ) throws(ScenarioError) -> Outcome {
    try Simulation(alternative.scenario, seed: seed, seriesPoints: seriesPoints).run(traffic)
  }

  /// With a function that never starts cold, what is both slower and dearer than another endpoint stays so with any
  /// setting of the function.
  private func endpointsWorthCrossing(
    _ candidates: [EndpointModel], _ search: Search
  ) -> [EndpointModel?] {
    var warm = function
    warm.initDuration = .zero
    let tried = search.simulate(
      candidates.map { Scenario(function: warm, account: account, endpoint: $0) })
    let front = Plan(tried, nearest: tried[0], serviceLevel).paretoFront
    let cheapest = front.firstIndex(where: \.meetsServiceLevel) ?? max(0, front.count - 1)
    // The cheapest that keeps the promise, two cheaper ones, and faster ones that make up for cold starts.
    let kept = front.dropFirst(max(0, cheapest - 2)).prefix(Self.endpointsKept)
    return kept.isEmpty
      ? [tried.min(by: Alternative.isFaster)?.scenario.endpoint] : kept.map(\.scenario.endpoint)
  }
}

/// Simulations side by side, and the progress over all of them.
final class Search: Sendable {
  private let planner: Planner
  private let traffic: Traffic
  private let report: (@Sendable (Planner.Progress) -> Void)?
  private let progress = Mutex((completed: 0, total: 0))

  init(_ planner: Planner, _ traffic: Traffic, _ report: (@Sendable (Planner.Progress) -> Void)?) {
    self.planner = planner
    self.traffic = traffic
    self.report = report
  }

  /// The alternatives in the order of the scenarios, without those that AWS would refuse.
  func simulate(_ scenarios: [Scenario]) -> [Alternative] {
    progress.withLock { $0.total += scenarios.count }
    let results = Mutex([Alternative?](repeating: nil, count: scenarios.count))
    DispatchQueue.concurrentPerform(iterations: scenarios.count) { index in
      let result = simulate(scenarios[index])
      results.withLock { $0[index] = result }
      progress.withLock {
        $0.completed += 1
        report?(Planner.Progress(completed: $0.completed, total: $0.total))
      }
    }
    return results.withLock { $0.compactMap { $0 } }
  }

  private func simulate(_ scenario: Scenario) -> Alternative? {
    guard let simulation = try? Simulation(scenario, seed: planner.seed, seriesPoints: 1) else {
      return nil
    }
    // The prices were checked before the search.
    return try? Alternative(
      scenario, simulation.run(traffic), traffic.duration, planner.serviceLevel, planner.prices,
      includesFreeTier: planner.includesFreeTier)
  }
}
