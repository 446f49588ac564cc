import Foundation

/// The plan of a benchmark: which contender runs when, how often, with what.
struct Measurement {
  /// How much is measured.
  struct Effort {
    /// Process starts, each in a round of its own.
    let starts: Int
    /// Rounds of the steady measures; in each, every contender has its turn.
    let rounds: Int
    /// Invocations of one round.
    let invocations: Int

    static let full = Effort(starts: 21, rounds: 5, invocations: 1_000)
    static let quick = Effort(starts: 5, rounds: 3, invocations: 100)
  }

  private let workspace: Workspace
  private let effort: Effort
  private let contenders: [Contender]
  /// The last one: the first is where most systems handle interrupts.
  private let core = max(0, ProcessInfo.processInfo.activeProcessorCount - 1)

  /// - Parameter others: further builds of the function.
  init(
    workspace: Workspace, effort: Effort, others: [(name: String, program: String)]
  ) throws {
    self.workspace = workspace
    self.effort = effort
    let builds = [(name: Contender.function, program: workspace.bootstrap.path)] + others
    let handler = try workspace.resource("tutorial_function", "py").deletingLastPathComponent().path
    let python = [workspace.python.path, "-m", "awslambdaric", "tutorial_function.handler"]
    contenders =
      builds.map { build in
        let symbols = build.name == Contender.function ? workspace.symbols : nil
        return Contender(name: build.name, command: [build.program], symbols: symbols)
      } + [
        Contender(
          name: Contender.floor, command: [workspace.floor.path], isFloor: true,
          symbols: workspace.floor.path),
        Contender(
          name: Contender.hashingFloor, command: [workspace.floor.path, "--hash"], isFloor: true,
          symbols: workspace.floor.path),
        Contender(
          name: Contender.limit, command: [workspace.limit.path], isFloor: true,
          symbols: workspace.limit.path),
        Contender(
          name: Contender.python, command: python,
          environment: [
            "LAMBDA_TASK_ROOT": handler, "PYTHONPATH": handler, "PYTHONDONTWRITEBYTECODE": "1",
          ]),
      ]
  }

  /// Everything, in about three minutes, or a sixth of that.
  func run() throws -> Results {
    let date = String(ISO8601DateFormatter().string(from: Date()).prefix(10))
    let machine = Machine.current()
    let (contenders, hashes) = try verified()
    let steady = effort.invocations
    let warmUp = max(50, steady / 10)
    var values: [Results.Value] = []
    func measure(
      _ what: String, _ contenders: [Contender], rounds: Int, _ run: MockRun,
      _ measures: [(Measure, (MockRun.Findings) -> Double)]
    ) throws {
      Console.say(what)
      let found = try interleaved(contenders, rounds: rounds, run) { contender, findings in
        guard run.records == 1, !run.isSkipped, findings.answerHash != hashes[contender] else {
          return
        }
        throw BenchmarkFailure("\(contender) answered differently than when it was checked")
      }
      for contender in contenders {
        for (measure, value) in measures {
          let spread = Spread((found[contender.name] ?? []).map(value))
          values.append(.init(measure: measure, contender: contender.name, spread: spread))
        }
      }
    }
    // The floors answer without looking at the event.
    let thinking = contenders.filter { !$0.isFloor }
    try measure(
      "\(effort.starts) process starts", contenders, rounds: effort.starts, MockRun(core: core),
      [(.firstNext, \.firstNextMicroseconds), (.firstAnswer, \.firstAnswerMicroseconds)])
    try measure(
      "\(effort.rounds) × \(steady) invocations on one core", contenders, rounds: effort.rounds,
      MockRun(invocations: steady, warmUp: warmUp, core: core),
      [
        (.duration, \.medianMicroseconds), (.cpu, \.cpuMicroseconds),
        (.memory100KB, \.peakKibibytes),
      ])
    try measure(
      "the same on all cores", contenders, rounds: effort.rounds,
      MockRun(invocations: steady, warmUp: warmUp),
      [(.durationAllCores, \.medianMicroseconds), (.cpuAllCores, \.cpuMicroseconds)])
    try measure(
      "events with nothing to classify", thinking, rounds: effort.rounds,
      MockRun(invocations: steady, warmUp: warmUp, isSkipped: true, core: core),
      [(.skippedDuration, \.medianMicroseconds)])
    try measure(
      "ten images in one event", thinking, rounds: effort.rounds,
      MockRun(
        invocations: max(5, steady / 50), warmUp: 2, records: 10, endpointMilliseconds: 20,
        core: core),
      [(.tenDuration, \.medianMicroseconds), (.tenCPU, \.cpuMicroseconds)])
    try measure(
      "images of 5 MB", contenders, rounds: effort.rounds,
      MockRun(invocations: max(5, steady / 20), warmUp: 2, imageBytes: 5 << 20, core: core),
      [(.memory5MB, \.peakKibibytes), (.cpu5MB, \.cpuMicroseconds)])
    values += try Counts(workspace: workspace).measured(contenders)
    values += try Parts(workspace: workspace).measured()
    return Results(date: date, machine: machine, values: values)
  }

  /// Lets every contender show that it does the work; the floors learn how long an answer is.
  private func verified() throws -> (contenders: [Contender], hashes: [String: String]) {
    var hashes: [String: String] = [:]
    var answerBytes = 0
    let contenders = try self.contenders.map { contender in
      var contender = contender
      if contender.isFloor { contender.environment["ANSWER_BYTES"] = "\(answerBytes)" }
      let folder = workspace.folder.appendingPathComponent("check")
      let findings = try Verification(folder: folder, imageBytes: 4_096)
        .run(contender, in: workspace)
      if contender.name == Contender.function { answerBytes = findings.answerBytes }
      hashes[contender.name] = findings.answerHash
      return contender
    }
    return (contenders, hashes)
  }

  /// Findings by contender. Whatever else the machine does meets all of them alike.
  private func interleaved(
    _ contenders: [Contender], rounds: Int, _ run: MockRun,
    check: (String, MockRun.Findings) throws -> Void
  ) throws -> [String: [MockRun.Findings]] {
    var found: [String: [MockRun.Findings]] = [:]
    for _ in 0..<rounds {
      for contender in contenders {
        let findings = try run.run(contender, in: workspace)
        try check(contender.name, findings)
        found[contender.name, default: []].append(findings)
      }
    }
    return found
  }
}
