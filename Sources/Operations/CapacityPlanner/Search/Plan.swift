package struct Plan: Sendable {
  /// Everything that was simulated: what keeps the service level first, each half cheapest first.
  package let alternatives: [Alternative]
  /// The cheapest that surely keeps the service level, or a simpler setting that costs less than 1 % more: half a cent
  /// saved by a reservation does not justify one. Nil when nothing keeps it.
  package let best: Alternative?
  /// `best` when there is one; else what comes nearest: of those that refuse no more than is allowed the fastest.
  package let nearest: Alternative
  /// Those for which nothing that refuses as little is both cheaper and faster, cheapest first.
  package let paretoFront: [Alternative]
  package let serviceLevel: ServiceLevel

  /// A cost is as good as another when it is at most this many times as high.
  static let negligible = 1.01

  /// - Parameter found: at least one, judged.
  init(_ found: [Alternative], _ level: ServiceLevel) {
    serviceLevel = level
    let byCost = found.sorted(by: Alternative.isBetter)
    alternatives = byCost.filter(\.meetsServiceLevel) + byCost.filter { !$0.meetsServiceLevel }
    let least = found.map(\.counts.refused).min() ?? 0
    let available = byCost.filter {
      $0.counts.refused <= level.allowedRefused(of: $0.counts.arrivals, least: least)
    }
    let isDecided = found.contains { $0.certainty != nil }
    best = Self.simplest(
      of: available.filter {
        $0.meetsServiceLevel && (!isDecided || $0.certainty?.verdict == .yes)
      })
    let close = available.filter { $0.certainty?.verdict == .tooCloseToCall }
    let near = close.isEmpty ? (available.isEmpty ? byCost : available) : close
    nearest =
      best
      ?? (close.isEmpty
        ? near.reduce(near[0]) { Alternative.isFaster($1, $0) ? $1 : $0 }
        : near.reduce(near[0]) {
          ($1.promisedLatency ?? .seconds(1e9)) < ($0.promisedLatency ?? .seconds(1e9)) ? $1 : $0
        })
    paretoFront = Self.front(of: available)
  }

  static func front(of alternatives: [Alternative]) -> [Alternative] {
    var front: [Alternative] = []
    for candidate in alternatives.sorted(by: Alternative.isBetter)
    where candidate.promisedLatency != nil {
      if let last = front.last, !Alternative.isFaster(candidate, last) { continue }
      front.append(candidate)
    }
    return front
  }

  private static func simplest(of sorted: [Alternative]) -> Alternative? {
    guard let cheapest = sorted.first else { return nil }
    return sorted.prefix { $0.monthlyCost.total <= cheapest.monthlyCost.total * negligible }
      .reduce(cheapest) { $1.kind < $0.kind ? $1 : $0 }
  }

  /// Of each kind of setting the cheapest that keeps the service level, or else the fastest.
  package func best(of kind: Alternative.Kind) -> Alternative? {
    let those = alternatives.filter { $0.kind == kind }
    return those.first(where: \.meetsServiceLevel) ?? those.min(by: Alternative.isFaster)
  }

  /// The recommendation in one sentence.
  package var recommendation: String {
    let cost = "$\(PlanText.cents(nearest.monthlyCost.total)) per month"
    let refused = PlanText.refused(nearest)
    if best != nil {
      return "Use \(nearest): \(cost). \(PlanText.latency(nearest, serviceLevel)); \(refused)."
    }
    let promise = PlanText.promise(serviceLevel)
    if nearest.certainty?.verdict == .tooCloseToCall {
      return
        "Too close to call whether \(nearest) keeps \(promise): \(cost). \(PlanText.latency(nearest, serviceLevel)); \(refused)."
    }
    return
      "Nothing that was tried keeps \(promise); nearest is \(nearest) at \(cost). \(PlanText.latency(nearest, serviceLevel)); \(refused)."
  }
}

/// Numbers of a plan in words.
package enum PlanText {
  /// `p99 ≤ 500 ms`, `p99 ≤ 500 ms and 99.9 % availability`
  package static func promise(_ level: ServiceLevel) -> String {
    "\(percentile(level)) ≤ \(DurationText.text(level.latency))"
      + (level.availability.map { " with at least \(number($0 * 100)) % not refused" } ?? "")
  }

  /// `p99.9`
  package static func percentile(_ level: ServiceLevel) -> String {
    "p\(number(level.percentile * 100))"
  }

  /// `p99 is 1.18 s (95 % interval 1.15 s to 1.21 s), objective 1.2 s`
  static func latency(_ alternative: Alternative, _ level: ServiceLevel) -> String {
    let name = percentile(level)
    let objective = "objective \(DurationText.text(level.latency))"
    guard let latency = alternative.promisedLatency else {
      return "\(name) is out of reach: \(number(alternative.unservedShare * 100)) % do not end well"
    }
    guard let interval = alternative.certainty?.interval else {
      return "\(name) is \(DurationText.text(latency)), \(objective)"
    }
    return
      "\(name) is \(DurationText.text(alternative.certainty?.middle ?? latency)) (95 % interval \(DurationText.text(interval.lowerBound)) to \(DurationText.text(interval.upperBound))), \(objective)"
  }

  /// `no request is refused`, `24,737 of 100,000 requests are refused (24.7 %)`
  package static func refused(_ alternative: Alternative) -> String {
    let counts = alternative.counts
    if counts.refused == 0 { return "no request is refused" }
    let share = alternative.refusedShare * 100
    let percent = share < 0.01 ? "under 0.01" : number((share * 100).rounded() / 100)
    return
      "\(grouped(counts.refused)) of \(grouped(counts.arrivals)) requests are refused (\(percent) %)"
  }

  static func number(_ value: Double) -> String {
    let rounded = (value * 1000).rounded() / 1000
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }

  /// `1,234,567`
  package static func grouped(_ number: Int) -> String {
    var text = ""
    for (index, digit) in "\(abs(number))".reversed().enumerated() {
      if index > 0, index % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (number < 0 ? "-" : "") + String(text.reversed())
  }

  /// `1,234.50`
  package static func cents(_ dollars: Double) -> String {
    let cents = Int((abs(dollars) * 100).rounded())
    return
      "\(dollars < -0.005 ? "-" : "")\(grouped(cents / 100)).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
  }
}
