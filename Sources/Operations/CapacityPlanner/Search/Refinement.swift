/// Narrows the numbers of good alternatives down: the least provisioned concurrency and the least
/// number of instances that still keep the promise, by bisection one after the other.
struct Refinement {
  private let search: Search
  private let kinds: Set<Alternative.Kind>

  /// A number of a scenario that may be lowered.
  private struct Knob: Sendable {
    var get: @Sendable (Scenario) -> Int?
    var set: @Sendable (inout Scenario, Int) -> Void
  }

  init(_ search: Search, _ kinds: Set<Alternative.Kind>) {
    self.search = search
    self.kinds = kinds
  }

  func run(_ found: [Alternative]) -> [Alternative] {
    kinds.sorted().flatMap { kind -> [Alternative] in
      let best = found.filter { $0.kind == kind && $0.meetsServiceLevel }.min(
        by: Alternative.isBetter)
      return best.map { narrow($0) } ?? []
    }
  }

  private func narrow(_ start: Alternative) -> [Alternative] {
    var best = start
    var tried: [Alternative] = []
    for knob in Self.knobs {
      guard let value = knob.get(best.scenario), value > 1 else { continue }
      // What is known to keep the promise, and what is known not to.
      var high = value
      var low = 0
      while high - low > 1 {
        let middle = (low + high) / 2
        var scenario = best.scenario
        knob.set(&scenario, middle)
        let results = search.simulate([scenario])
        tried += results
        if let result = results.first, result.meetsServiceLevel, Alternative.isBetter(result, best)
        {
          (best, high) = (result, middle)
        } else {
          low = middle
        }
      }
    }
    return tried
  }

  private static let knobs: [Knob] = [
    // A fixed number of instances, or the least of a scaling endpoint.
    Knob(
      get: { $0.endpoint.map { $0.tracking?.minimum ?? $0.instances } },
      set: { scenario, value in
        if scenario.endpoint?.tracking == nil {
          scenario.endpoint?.instances = value
        } else {
          scenario.endpoint?.tracking?.minimum = value
        }
      }),
    // A fixed number of provisioned environments, or the least of a tracked one.
    Knob(
      get: { scenario in
        scenario.concurrency.provisioned.flatMap {
          $0.schedule.isEmpty ? $0.tracking?.minimum ?? $0.initial : nil
        }
      },
      set: { scenario, value in
        scenario.concurrency.provisioned?.initial = value
        scenario.concurrency.provisioned?.tracking?.minimum = value
      }),
  ]
}
