/// Decides, cheapest first, which alternative surely keeps the promise.
struct Verification {
  private let planner: Planner
  private let search: Search
  private let replications: Replications

  /// Alternatives that are simulated on several draws, at most.
  private static let most = 12
  /// One draw may miss the limit by this share and keep it on average.
  private static let nearMiss = 1.05

  init(_ planner: Planner, _ traffic: Traffic, _ search: Search) {
    self.planner = planner
    self.search = search
    replications = Replications(planner: planner, traffic: traffic, level: planner.serviceLevel)
  }

  func run(_ found: [Alternative]) -> [Alternative] {
    var all = found
    var known = Set(found.map(\.scenario))
    for _ in 0..<Self.most {
      guard let next = contender(all) else { break }
      guard let certainty = replications.certainty(of: all[next].scenario) else { break }
      all[next].certainty = certainty
      let scenario = all[next].scenario
      all = search.judged(all)
      if certainty.verdict == .yes { break }
      // Around what is too close, one more of something may decide it.
      let steps = Refinement.neighbors(of: scenario).filter { known.insert($0).inserted }
      if certainty.verdict == .tooCloseToCall { all = search.judged(all + search.simulate(steps)) }
    }
    // What a reader compares has its interval, too.
    if let nearest = all.firstIndex(where: { $0.scenario == Plan(all, planner.serviceLevel).nearest.scenario }),
      all[nearest].certainty == nil
    {
      all[nearest].certainty = replications.certainty(of: all[nearest].scenario)
    }
    return search.judged(all)
  }

  /// The simplest of the cheapest that have not been decided.
  private func contender(_ all: [Alternative]) -> Int? {
    let limit = planner.serviceLevel.latency * Self.nearMiss
    let least = all.map(\.counts.refused).min() ?? 0
    let open = all.indices.filter { index in
      let one = all[index]
      let allowed = planner.serviceLevel.allowedRefused(of: one.counts.arrivals, least: least)
      return one.certainty == nil && one.counts.refused <= allowed
        && (one.promisedLatency.map { $0 <= limit } ?? false)
    }.sorted { Alternative.isBetter(all[$0], all[$1]) }
    guard let cheapest = open.first else { return nil }
    let bound = all[cheapest].monthlyCost.total * Plan.negligible
    return open.filter { all[$0].monthlyCost.total <= bound }
      .min { (all[$0].kind, all[$0].monthlyCost.total) < (all[$1].kind, all[$1].monthlyCost.total) }
  }
}
