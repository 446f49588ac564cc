import AWSControl
import OperationsSupport
import TestSupport

@testable import Versioning

/// One seed of the model test: a deployment, a second operator, faults, and what must hold.
struct DeploymentRun {
  static let package = DeploymentPackage(
    path: "a.zip", bytes: Array("PK model".utf8), architecture: "x86_64")

  /// What is printed at the end of a command.
  private struct End {
    var message = ""
    var wasKilled = false
    var isSuccess = false
  }

  let model: LambdaModel
  private let client: ControlClient
  private var random: SeededGenerator
  private var request: Deployment.Request
  private var faults = LambdaModel.Faults()
  private let isGood: Bool
  private let provisioned: Int?
  private let seed: UInt64

  init(seed: UInt64, client: ControlClient) {
    self.seed = seed
    self.client = client
    var random = SeededGenerator(seed: seed)
    let badShares: [Double] = [0, 0.3, 1]
    let badShare = badShares.randomElement(using: &random) ?? 0
    isGood = badShare == 0
    model = LambdaModel(
      newCode: Self.package.codeSHA256, badShare: badShare,
      description: ["Breeds [previous: 5←4]", ""].randomElement(using: &random) ?? "", seed: seed)
    request = Deployment.Request(functionName: "f", alias: "live", package: Self.package)
    request.onStop = Bool.random(using: &random) ? .rollback : .hold
    let minute = Interval(milliseconds: 120_000)
    if Int.random(in: 0..<4, using: &random) > 0 {
      request.traffic = .canary(TrafficStep(share: 0.1, hold: minute))
      request.movesProvisioned = Int.random(in: 0..<4, using: &random) == 0
      provisioned = request.movesProvisioned ? 3 : nil
    } else {
      provisioned = 3
    }
    if request.traffic.steps.isEmpty || Bool.random(using: &random) { request.bake = minute }
    model.provisionedOnAlias = provisioned
    self.random = random
    chooseFaults()
  }

  private mutating func chooseFaults() {
    func rate(_ random: inout SeededGenerator) -> Double {
      let rates: [Double] = [0, 0, 0.1, 0.4]
      return rates.randomElement(using: &random) ?? 0
    }
    faults.conflict = rate(&random)
    faults.throttled = rate(&random) / 4
    faults.failing = rate(&random) / 4
    faults.lost = rate(&random)
    faults.late = rate(&random)
    if Int.random(in: 0..<3, using: &random) == 0 {
      let start = Int.random(in: 2..<6, using: &random)
      faults.outage = start..<(start + Int.random(in: 1..<90, using: &random))
    }
    if Int.random(in: 0..<6, using: &random) == 0 {
      faults.deniedFrom = Int.random(in: 2..<4, using: &random)
    }
    if Int.random(in: 0..<3, using: &random) == 0 {
      faults.kill = (Int.random(in: 1..<11, using: &random), Bool.random(using: &random))
    }
  }

  // MARK: Commands

  /// - Parameter stopAfter: milliseconds until a signal; `.max` for none.
  private func deploy(stopAfter: Int64) -> End {
    client.answer = { [model] in try model.answer($0) }
    let stop = stopAfter == .max ? .max : model.now + stopAfter
    let isInterrupted = { @Sendable [model] in model.now >= stop }
    client.isInterrupted = isInterrupted
    defer { (client.answer, client.isInterrupted) = (nil, nil) }
    let waiter = Waiter(clock: model.clock, isInterrupted: isInterrupted)
    var notes: [String] = []
    let deployment = Deployment(
      request, with: client, waiter, report: { notes.append($0) }, warn: { notes.append($0) })
    do {
      _ = try deployment.run()
      return End(message: notes.joined(separator: "\n"), isSuccess: true)
    } catch {
      let wasKilled = "\(error)".contains("Killed") || notes.contains { $0.contains("Killed") }
      return End(message: "\(notes.joined(separator: "\n"))\n\(error)", wasKilled: wasKilled)
    }
  }

  // MARK: The second operator

  /// What a second operator does in the middle of the deployment.
  enum Meddling: CaseIterable {
    case nothing, rollback, rollbackTwice, promote, shift, otherTool
  }

  /// Installs the second operator's command before a call of the first one.
  private func meddle(_ meddling: Meddling, before call: Int, _ problems: Recorder<String>) {
    let (model, client) = (model, client)
    model.meddle = { number in
      guard number == call else { return }
      let before = model.alias
      defer { model.noteMeddling(before: before) }
      model.meddle = { _ in }
      let faults = model.faults
      model.faults = LambdaModel.Faults()
      defer { model.faults = faults }
      let live = AliasOperations(functionName: "f", alias: "live", client: client)
      switch meddling {
      case .nothing: break
      case .promote: _ = try? live.promote()
      case .shift:
        if model.alias.weights["6"] != nil { _ = try? live.shift(to: "6", weight: 0.6) }
      case .otherTool:
        model.moveByAnotherTool(to: "3")
        if (try? live.rollback()) != nil {
          problems.add("rollback after another tool moved the alias: \(model.alias)")
        }
      case .rollback: _ = Self.rollBack(live, model, problems)
      case .rollbackTwice:
        // One that is refused, for example after a late read, is not the first one.
        guard Self.rollBack(live, model, problems) else { return }
        let once = model.alias.version
        _ = try? live.rollback()
        if model.alias.version != once {
          problems.add("second rollback went from \(once) to \(model.alias.version)")
        }
      }
    }
  }

  /// - Returns: whether it was done.
  private static func rollBack(
    _ live: AliasOperations, _ model: LambdaModel, _ problems: Recorder<String>
  ) -> Bool {
    let before = model.alias
    let isFromCanary =
      model.hadCanary || before.version == "6" || before.weights["6"] != nil
    let result = Result { try live.rollback() }
    guard (try? result.get()) != nil else { return false }
    if model.provisionedOnAlias == nil,
      model.alias.state != AliasState(version: isFromCanary ? "5" : "4")
    {
      problems.add("rollback from \(before) ended at \(model.alias)")
    }
    return true
  }

  // MARK: The run

  /// - Returns: what does not hold, empty when all does.
  mutating func problems() -> [String] {
    let problems = Recorder<String>()
    let meddling = Meddling.allCases.randomElement(using: &random) ?? .nothing
    meddle(meddling, before: Int.random(in: 8..<40, using: &random), problems)
    model.faults = faults
    let stops = Int.random(in: 0..<4, using: &random) == 0
    let first = deploy(
      stopAfter: stops ? Int64.random(in: 0..<300_000, using: &random) : .max)
    model.meddle = { _ in }
    check(first, meddling, problems)
    checkProvisioned(first, problems)
    if meddling == .nothing { checkAlone(first, stops: stops, problems) }
    if let looks = model.looksSinceMeddling, looks > 2 {
      problems.add("watched on for \(looks) looks after someone else moved the alias")
    }
    model.recover()
    var last = first
    for _ in 0..<3 where !last.isSuccess { last = deploy(stopAfter: .max) }
    if meddling != .promote { check(last, meddling, problems) }
    checkProvisioned(last, isEnd: true, problems)
    if isGood, !last.isSuccess, meddling == .nothing {
      problems.add("a good version was not deployed in the end: \(last.message)")
    }
    return problems.all.map { "seed \(seed), \(meddling), bad \(model.badShare): \($0)" }
  }

  /// The invariant: traffic is on a version that was judged good, or the tool states plainly that it is
  /// not.
  private func check(_ end: End, _ meddling: Meddling, _ problems: Recorder<String>) {
    let state = model.alias.state
    if isUnproven(state, end), meddling != .promote {
      let said =
        end.wasKilled
        ? warning() : end.message.split(separator: "\n").last.map(String.init) ?? ""
      let isPlain =
        !end.isSuccess
        && ["not proven", "must not keep it", "may have traffic"].contains { said.contains($0) }
      if !isPlain { problems.add("\(state.text), but: \(end.isSuccess) \(said)") }
    }
    if !isGood, end.message.contains("invocations failed;"),
      end.message.contains("same command again")
    {
      problems.add("a version that failed is suggested again: \(end.message)")
    }
  }

  /// What holds when nobody else changed the alias.
  private func checkAlone(_ end: End, stops: Bool, _ problems: Recorder<String>) {
    let memory = AliasMemory(description: model.alias.description)
    guard !end.wasKilled else { return }
    let last = end.message.split(separator: "\n").last.map(String.init) ?? ""
    if end.message.contains("could not be rolled back"), faults.deniedFrom == .max {
      problems.add("faults that pass were not waited for: \(end.message)")
    }
    if faults.outage.count < 50, last.contains("InternalServiceFault") {
      problems.add("an outage of the metrics that passes was not waited for: \(end.message)")
    }
    if !memory.failed.isEmpty, !last.contains("invocations failed") {
      problems.add("the complaint is lost: \(end.message)")
    }
    if end.message.contains("Rolled back: version 6"), memory.failed.isEmpty {
      problems.add("code that failed is not marked: \(model.alias)")
    }
    if request.onStop == .rollback, model.alias.state.share(of: "6") > 0, !end.isSuccess,
      faults.deniedFrom == .max, !end.message.contains("more invocations without a failure")
    {
      problems.add("traffic on a version that nobody watches: \(end.message)")
    }
    let hasPassingFaults =
      faults.failing == 0 && faults.throttled == 0 && faults.conflict < 0.2
      && faults.deniedFrom == .max
    if isGood, !stops, hasPassingFaults, faults.outage.count < 50, !end.isSuccess {
      problems.add("a good version was not deployed: \(end.message)")
    }
  }

  /// What was provisioned is there after every exit, a kill included, or the tool states that it is not; and
  /// in the end it is.
  private func checkProvisioned(
    _ end: End, isEnd: Bool = false, _ problems: Recorder<String>
  ) {
    guard let provisioned, model.provisionedForTraffic != provisioned else { return }
    // A second operator chose a version that was never provisioned.
    if request.movesProvisioned, !["5", "6"].contains(model.alias.version) { return }
    // Where the state cannot be read, the message refers to alias show.
    let said = end.wasKilled || end.message.contains("Inspect it") ? warning() : end.message
    let isPlain = ["could not be restored", "not back yet", "concurrency provision 3"].contains {
      said.contains($0)
    }
    if isEnd || !isPlain {
      problems.add("provisioned \(model.provisionedForTraffic ?? 0): \(said)")
    }
  }

  /// A bad version has traffic, or a good one that has not passed.
  private func isUnproven(_ state: AliasState, _ end: End) -> Bool {
    guard state.share(of: "6") > 0 else { return false }
    // A rollback by hand, which Lambda has not carried out yet.
    if state.version == "5", model.movingLooks > 0 { return false }
    guard isGood, !end.isSuccess else { return !isGood }
    let isWatched = AliasMemory(description: model.alias.description).watch != nil
    return isWatched || !state.weights.isEmpty
  }

  private func warning() -> String {
    model.recover()
    client.answer = { [model] in try model.answer($0) }
    defer { client.answer = nil }
    let aliases = try? AliasOverview.read(functionName: "f", alias: "live", with: client)
    return aliases?.first?.warnings.joined(separator: "\n") ?? "no warning"
  }
}
