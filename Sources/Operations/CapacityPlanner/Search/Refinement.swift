/// Narrows the numbers of good alternatives down: the least instances, provisioned environments and reservation that
/// still meet the objective, by bisection one after the other; of the best of all also by single steps of every number.
struct Refinement {
  private let search: Search
  private let kinds: Set<Alternative.Kind>

  /// A number of a scenario.
  private struct Knob: Sendable {
    var least = 1
    var get: @Sendable (Scenario) -> Int?
    var set: @Sendable (inout Scenario, Int) -> Void
  }

  /// Rounds of single steps around the best, at most.
  private static let rounds = 8

  init(_ search: Search, _ kinds: Set<Alternative.Kind>) {
    self.search = search
    self.kinds = kinds
  }

  func run(_ found: [Alternative]) -> [Alternative] {
    var all = found
    for kind in kinds.sorted() {
      let best = all.filter { $0.kind == kind && $0.meetsServiceLevel }.min(
        by: Alternative.isBetter)
      if let best { all = search.judged(all + narrow(best, all)) }
    }
    for _ in 0..<Self.rounds {
      guard let best = all.filter(\.meetsServiceLevel).min(by: Alternative.isBetter) else { break }
      let known = Set(all.map(\.scenario))
      let steps = Self.neighbors(of: best.scenario).filter { !known.contains($0) }
      if steps.isEmpty { break }
      all = search.judged(all + search.simulate(steps))
      let next = all.filter(\.meetsServiceLevel).min(by: Alternative.isBetter)
      if next?.scenario == best.scenario { break }
    }
    return Array(all.dropFirst(found.count))
  }

  private func narrow(_ start: Alternative, _ all: [Alternative]) -> [Alternative] {
    var best = start
    var tried: [Alternative] = []
    for knob in Self.knobs {
      guard let value = knob.get(best.scenario), value > knob.least else { continue }
      // What is known to meet the objective, and what is known not to.
      var high = value
      var low = knob.least - 1
      while high - low > 1 {
        let middle = (low + high) / 2
        var scenario = best.scenario
        knob.set(&scenario, middle)
        tried += search.simulate([scenario])
        let judged = search.judged(all + tried).first { $0.scenario == scenario }
        if let judged, judged.meetsServiceLevel, Alternative.isBetter(judged, best) {
          (best, high) = (judged, middle)
        } else {
          low = middle
        }
      }
    }
    return tried
  }

  /// Every number one up and one down, fewer instances with a little more of another number, and no reservation.
  static func neighbors(of scenario: Scenario) -> [Scenario] {
    var found: [Scenario] = []
    func add(_ changes: [(Knob, Int)]) {
      var changed = scenario
      for (knob, step) in changes {
        guard let value = knob.get(changed), value + step >= knob.least else { return }
        knob.set(&changed, value + step)
      }
      if changed != scenario, changed.problems.isEmpty { found.append(changed) }
    }
    for knob in knobs {
      for step in [-4, -2, -1, 1, 2, 4] { add([(knob, step)]) }
    }
    for knob in knobs.dropFirst() {
      for step in [-2, -1, 1, 2] { add([(knobs[0], -1), (knob, step)]) }
    }
    if scenario.concurrency.reserved != nil {
      var changed = scenario
      changed.concurrency.reserved = nil
      found.append(changed)
    }
    return found
  }

  private static let knobs: [Knob] = [
    // A fixed number of instances, or the least of a scaling endpoint.
    Knob(
      get: { scenario in
        scenario.endpoint.flatMap {
          $0.serverless == nil && !$0.isAsynchronous ? $0.tracking?.minimum ?? $0.instances : nil
        }
      },
      set: { scenario, value in
        if scenario.endpoint?.tracking == nil {
          scenario.endpoint?.instances = value
        } else {
          let atStart = max(value, scenario.endpoint?.instances ?? value)
          scenario.endpoint?.tracking?.minimum = value
          scenario.endpoint?.instances = atStart
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
    Knob(
      get: { $0.concurrency.reserved },
      set: { scenario, value in scenario.concurrency.reserved = value }),
    Knob(
      get: { $0.endpoint?.tracking?.maximum },
      set: { scenario, value in
        let atStart = min(value, scenario.endpoint?.instances ?? value)
        scenario.endpoint?.tracking?.maximum = value
        scenario.endpoint?.instances = atStart
      }),
    Knob(
      least: 0, get: { scenario in scenario.endpoint?.serverless?.provisioned },
      set: { scenario, value in
        guard var serverless = scenario.endpoint?.serverless else { return }
        serverless.provisioned = value
        scenario.endpoint?.kind = .serverless(serverless)
      }),
  ]
}
