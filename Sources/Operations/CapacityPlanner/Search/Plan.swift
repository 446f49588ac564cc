/// What the search found.
package struct Plan: Sendable {
  /// Everything that was simulated, cheapest first.
  package let alternatives: [Alternative]
  /// The cheapest that keeps the service level, or a simpler setting that costs less than 1 % more: half a cent saved
  /// by a reservation is no reason for one. Nil when nothing keeps it.
  package let best: Alternative?
  /// The one that comes nearest to the service level: `best` when there is one, else the fastest.
  package let nearest: Alternative
  /// Those for which nothing is both cheaper and faster at the promised percentile, cheapest first.
  package let paretoFront: [Alternative]
  /// The promise.
  package let serviceLevel: ServiceLevel

  init(_ found: [Alternative], nearest fallback: Alternative, _ level: ServiceLevel) {
    serviceLevel = level
    alternatives = found.sorted(by: Alternative.isBetter)
    best = Self.simplest(of: alternatives.filter(\.meetsServiceLevel))
    nearest = best ?? found.reduce(fallback) { Alternative.isFaster($1, $0) ? $1 : $0 }
    var front: [Alternative] = []
    for candidate in alternatives where candidate.promisedLatency != nil {
      guard let last = front.last else {
        front.append(candidate)
        continue
      }
      if Alternative.isFaster(candidate, last) { front.append(candidate) }
    }
    paretoFront = front
  }

  private static func simplest(of sorted: [Alternative]) -> Alternative? {
    guard let cheapest = sorted.first else { return nil }
    return sorted.prefix { $0.monthlyCost.total <= cheapest.monthlyCost.total * 1.01 }
      .reduce(cheapest) { $1.kind < $0.kind ? $1 : $0 }
  }

  /// Of each kind of setting the cheapest that keeps the service level, or else the fastest.
  package func best(of kind: Alternative.Kind) -> Alternative? {
    let those = alternatives.filter { $0.kind == kind }
    return those.first(where: \.meetsServiceLevel) ?? those.min(by: Alternative.isFaster)
  }

  /// The recommendation in one sentence.
  package var recommendation: String {
    let promise =
      "p\(Self.number(serviceLevel.percentile * 100)) ≤ \(DurationText.text(serviceLevel.latency))"
    let settings = nearest.description
    let cost = "$\(Self.cents(nearest.monthlyCost.total)) a month"
    let latency = nearest.promisedLatency.map { DurationText.text($0) }
    if best != nil {
      return "Use \(settings): \(cost), and it keeps \(promise) with \(latency ?? "-")."
    }
    let reached =
      latency.map { "which reaches \($0)" }
      ?? "where \(Self.number(nearest.unservedShare * 100)) % of the requests do not end well"
    return "Nothing that was tried keeps \(promise); nearest is \(settings) at \(cost), \(reached)."
  }

  private static func number(_ value: Double) -> String {
    let rounded = (value * 1000).rounded() / 1000
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }

  private static func cents(_ dollars: Double) -> String {
    let cents = Int((dollars * 100).rounded())
    return "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
  }
}
