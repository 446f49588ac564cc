/// What the function is meant to reach.
struct Target {
  let name: String
  /// The most that still holds.
  let limit: Double
  /// Nil when it was not measured.
  let value: Double?
  let text: @Sendable (Double) -> String

  var isHeld: Bool { value.map { $0 <= limit } ?? false }

  /// `held: …`, `MISSED: …`, with both numbers.
  var line: String {
    let found = value.map(text) ?? "not measured"
    return "\(isHeld ? "held  " : "MISSED"): \(name): \(found), at most \(text(limit))"
  }

  static func all(of results: Results) -> [Target] {
    func ratio(_ measure: Measure, _ contender: String) -> Double? {
      results.ratios.first { $0.measure == measure && $0.contender == contender }?.value
    }
    func shares(_ measure: Measure, _ contender: String, _ limit: Double) -> Target {
      Target(
        name: "\(measure.fullTitle), of \(contender)'s", limit: limit,
        value: ratio(measure, contender), text: Format.ratio)
    }
    return [
      shares(.firstNext, Contender.python, 1 / 100.0),
      shares(.firstAnswer, Contender.python, 1 / 75.0),
      shares(.cpu, Contender.hashingFloor, 1.3),
      shares(.cpu, Contender.python, 1 / 15.0),
      shares(.jsonReply, Contender.foundation, 1 / 3.0),
      shares(.jsonEvent, Contender.foundation, 1 / 3.0),
      Target(
        name: Measure.signature.fullTitle, limit: 10,
        value: results.median(.signature, Contender.function)
      ) { Format.value($0, .microseconds) },
      Target(
        name: "the zip", limit: 4_500_000, value: results.median(.zipBytes, Contender.function)
      ) { Format.value($0, .bytes) },
    ]
  }
}

extension Measure {
  /// A title that stands alone.
  var fullTitle: String {
    switch self {
    case .cpu: "CPU time of an invocation, 100 KB image"
    case .cpuAllCores: "CPU time of an invocation, 100 KB image, not pinned"
    case .tenCPU: "CPU time of an event of ten images"
    default: title
    }
  }
}
