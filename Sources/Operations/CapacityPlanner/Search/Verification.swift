/// Decides which alternative surely meets the objective.
///
/// The cheapest by one draw often owes its place to that draw. So the cheapest is simulated on several draws; while
/// that does not end in a yes, the next must meet the objective by more. Then what is cheaper than the first sure one is
/// tried.
struct Verification {
  private let planner: Planner
  private let search: Search
  private let replications: Replications

  /// By how much of the limit the one draw may miss, or must keep it, from try to try.
  private static let margins = [1.05, 1, 0.98, 0.95, 0.92, 0.88, 0.84, 0.8, 0.7, 0.6, 0.5]
  /// Cheaper ones that are tried after the first sure one.
  private static let cheaper = 6

  init(_ planner: Planner, _ traffic: Traffic, _ search: Search) {
    self.planner = planner
    self.search = search
    replications = Replications(planner: planner, traffic: traffic, level: planner.serviceLevel)
  }

  func run(_ found: [Alternative]) -> [Alternative] {
    var all = found
    var known = Set(found.map(\.scenario))
    for margin in Self.margins {
      guard let next = simplest(of: open(all, margin: margin)) else { continue }
      guard let verdict = decide(next.scenario, &all) else { break }
      if verdict == .yes { break }
      // One more or less of something may meet the objective by more.
      let steps = Refinement.neighbors(of: next.scenario).filter { known.insert($0).inserted }
      all = search.judged(all + search.simulate(steps))
    }
    for _ in 0..<Self.cheaper {
      guard let sure = Plan(all, planner.serviceLevel).best,
        let next = open(all, margin: 1)
          .filter({ $0.monthlyCost.total * Plan.negligible < sure.monthlyCost.total })
          .min(by: Alternative.isFaster)
      else { break }
      _ = decide(next.scenario, &all)
    }
    // What a reader sees first has its interval in any case.
    let nearest = Plan(all, planner.serviceLevel).nearest
    if nearest.certainty == nil { _ = decide(nearest.scenario, &all) }
    return search.judged(all)
  }

  private func decide(_ scenario: Scenario, _ all: inout [Alternative]) -> Certainty.Verdict? {
    guard let index = all.firstIndex(where: { $0.scenario == scenario }),
      let certainty = replications.certainty(of: scenario)
    else { return nil }
    all[index].certainty = certainty
    all = search.judged(all)
    return certainty.verdict
  }

  /// What may meet the objective and has not been decided, cheapest first.
  private func open(_ all: [Alternative], margin: Double) -> [Alternative] {
    let limit = planner.serviceLevel.latency * margin
    let least = all.map(\.counts.refused).min() ?? 0
    return all.filter { one in
      one.certainty == nil && (one.promisedLatency.map { $0 <= limit } ?? false)
        && one.counts.refused
          <= planner.serviceLevel.allowedRefused(of: one.counts.arrivals, least: least)
    }.sorted(by: Alternative.isBetter)
  }

  private func simplest(of sorted: [Alternative]) -> Alternative? {
    guard let cheapest = sorted.first else { return nil }
    return sorted.prefix { $0.monthlyCost.total <= cheapest.monthlyCost.total * Plan.negligible }
      .reduce(cheapest) { $1.kind < $0.kind ? $1 : $0 }
  }
}
