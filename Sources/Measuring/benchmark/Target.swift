/// What the function is meant to reach: a ratio to another contender of the same run, or a count, since times are one
/// machine's.
struct Target {
  let name: String
  /// The most that still holds.
  let limit: Double
  /// Nil when it was not measured.
  let value: Double?
  /// The machines on which it was measured, with what was found.
  let found: String
  let text: @Sendable (Double) -> String

  var isHeld: Bool { value.map { $0 <= limit } ?? false }

  /// `held: …`, `MISSED: …`, with both numbers and the machines.
  var line: String {
    let measured = value.map(text) ?? "not measured"
    let verdict = isHeld ? "held  " : "MISSED"
    return "\(verdict): \(name): \(measured), at most \(text(limit)) (\(found))"
  }

  static func all(of results: Results) -> [Target] {
    func share(
      _ measure: Measure, _ contender: String, _ limit: Double, _ found: String
    ) -> Target {
      Target(
        name: "\(measure.fullTitle), of \(contender)'s", limit: limit,
        value: results.ratios.first { $0.measure == measure && $0.contender == contender }?.value,
        found: found, text: Format.ratio)
    }
    func most(_ measure: Measure, _ limit: Double, _ found: String) -> Target {
      Target(
        name: measure.fullTitle, limit: limit,
        value: results.median(measure, Contender.function), found: found
      ) { Format.value($0, measure.unit) }
    }
    return [
      Target(
        name: "\(Measure.firstNext.fullTitle), minimum, of \(Contender.floor)'s", limit: 1.1,
        value: results.ratioOfMinima(.firstNext, Contender.floor),
        found: "AMD EPYC 1.04 to 1.10; Intel 1.22 before 0.2", text: Format.ratio),
      most(.firstNextInstructions, 550_000, "AMD EPYC 364 k; Intel 947 k before 0.2"),
      share(.firstNext, Contender.python, 1 / 100.0, "AMD EPYC 1/221; Intel 1/200"),
      share(.firstAnswer, Contender.python, 1 / 75.0, "AMD EPYC 1/91"),
      share(
        .cpu, Contender.hashingFloor, 1.2, "AMD EPYC 1.18 to 1.19; Intel 1.25 to 1.6 before 0.2"),
      share(.cpu, Contender.python, 1 / 15.0, "AMD EPYC 1/11; Intel 1/13"),
      most(.instructions, 900_000, "AMD EPYC 645 k; Intel 1310 k before 0.2"),
      most(.systemCalls, 16, "AMD EPYC 16; Intel 22 before 0.2"),
      share(.pages, Contender.hashingFloor, 1.65, "AMD EPYC 1.76; Intel 2.56 before 0.2"),
      share(.jsonReply, Contender.foundation, 1 / 3.0, "AMD EPYC 0.12"),
      share(.jsonEvent, Contender.foundation, 1 / 3.0, "AMD EPYC 0.29 to 0.34"),
      share(.signature, Contender.python, 1 / 10.0, "AMD EPYC 1/17"),
      most(.memory100KB, 7_000, "AMD EPYC 5.7 MiB; Intel 9.1 before 0.2"),
      most(.zipBytes, 4_200_000, "AMD EPYC 3.94 MB"),
    ]
  }
}

extension Measure {
  /// A title that stands alone.
  var fullTitle: String {
    switch self {
    case .cpu: "CPU time of an invocation, 100 KB image"
    case .firstNextInstructions: "instructions from process start to first `/next`"
    case .instructions: "instructions of an invocation, 100 KB image, without SHA-256"
    case .systemCalls: "system calls of an invocation, 100 KB image"
    case .pages: "pages of an invocation, 100 KB image"
    case .zipBytes: "the zip"
    case .cpuAllCores: "CPU time of an invocation, 100 KB image, not pinned"
    case .tenCPU: "CPU time of an event of ten images"
    default: title
    }
  }
}
