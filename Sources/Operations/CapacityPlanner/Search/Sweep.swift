/// Every candidate that could be the cheapest, in the order of what it costs at least.
struct Sweep {
  private let planner: Planner
  private let search: Search
  private let candidates: Candidates

  /// Endpoints with scaling, or serverless ones, that are crossed with the function's settings, at most.
  private static let adaptiveKept = 16
  /// Simulations between two looks at what is the cheapest so far.
  private static let batch = 16
  /// Endpoints at which the front of cost and latency is looked for beyond the cheapest.
  private static let frontPoints = 12

  init(_ planner: Planner, _ traffic: Traffic, _ search: Search) {
    self.planner = planner
    self.search = search
    let service = planner.endpoints.filter { !$0.isAsynchronous }.map(\.serviceTime.meanSeconds)
    let seconds = planner.function.duration.meanSeconds + (service.max() ?? 0)
    candidates = Candidates(
      demand: Demand(traffic, secondsPerRequest: seconds, timeZone: planner.timeZone),
      account: planner.account, traffic: traffic, timeZoneIdentifier: planner.timeZone.identifier)
  }

  func run() -> [Alternative] {
    guard !planner.endpoints.isEmpty else {
      return search.judged(search.simulate(crossed([nil])))
    }
    let fixed: [EndpointModel?] = planner.endpoints.flatMap { candidates.fixed($0) }
    let adaptive: [EndpointModel?] = worthCrossing(
      planner.endpoints.flatMap { candidates.adaptive($0) })
    // Without any setting nothing is refused that could be served: what the best refuse is measured against this.
    let bare = search.simulate(
      thinned(fixed).map { planner.scenario(ConcurrencySettings(), $0) }
        + adaptive.map { planner.scenario(ConcurrencySettings(), $0) })
    var found = search.judged(bare)
    let simulated = Set(found.map(\.scenario))
    let waiting = crossed(fixed + adaptive).filter { !simulated.contains($0) }
      .map { (cost: (try? planner.prices.fixedCost(of: $0)) ?? 0, scenario: $0) }
      .sorted { $0.cost < $1.cost }
    var next = 0
    while next < waiting.count, waiting[next].cost < cheapest(found) {
      let end = min(waiting.count, next + Self.batch)
      found = search.judged(found + search.simulate(waiting[next..<end].map(\.scenario)))
      next = end
    }
    return search.judged(found + comparisons(found))
  }

  private func cheapest(_ found: [Alternative]) -> Double {
    found.filter(\.meetsServiceLevel).map(\.monthlyCost.total).min() ?? .infinity
  }

  private func crossed(_ endpoints: [EndpointModel?]) -> [Scenario] {
    endpoints.flatMap { endpoint in
      candidates.concurrency(planner.kinds, before: endpoint).map {
        planner.scenario($0, endpoint)
      }
    }
  }

  /// About `frontPoints` of them, the first and the last included.
  private func thinned(_ endpoints: [EndpointModel?]) -> [EndpointModel?] {
    let step = max(1, endpoints.count / Self.frontPoints)
    return endpoints.indices.filter { $0 % step == 0 || $0 == endpoints.count - 1 }
      .map { endpoints[$0] }
  }

  /// What the best is compared with: every kind of setting at its endpoint.
  private func comparisons(_ found: [Alternative]) -> [Alternative] {
    guard let best = found.filter(\.meetsServiceLevel).min(by: Alternative.isBetter) else {
      return []
    }
    let simulated = Set(found.map(\.scenario))
    return search.simulate(crossed([best.scenario.endpoint]).filter { !simulated.contains($0) })
  }

  /// With a function that never starts cold, what is both slower and dearer than another such endpoint stays so with
  /// any setting of the function.
  private func worthCrossing(_ endpoints: [EndpointModel]) -> [EndpointModel] {
    guard !endpoints.isEmpty else { return [] }
    var warm = planner.function
    warm.initDuration = .zero
    let tried = search.judged(
      search.simulate(
        endpoints.map {
          var scenario = planner.scenario(ConcurrencySettings(), $0)
          scenario.function = warm
          return scenario
        }))
    // A serverless endpoint limited to four costs what one limited to five does, and refuses more.
    let least = tried.map(\.counts.refused).min() ?? 0
    let available = tried.filter {
      $0.counts.refused
        <= planner.serviceLevel.allowedRefused(of: $0.counts.arrivals, least: least)
    }
    let front = Plan.front(of: available)
    let cheapest = front.firstIndex(where: \.meetsServiceLevel) ?? max(0, front.count - 1)
    // The cheapest that meets the objective, two cheaper ones, and faster ones that make up for cold starts.
    let kept = front.dropFirst(max(0, cheapest - 2)).prefix(Self.adaptiveKept)
    let chosen = kept.isEmpty ? tried.min(by: Alternative.isFaster).map { [$0] } ?? [] : Array(kept)
    return chosen.compactMap(\.scenario.endpoint)
  }
}
