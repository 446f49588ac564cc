import AWSControl
import Foundation
import Training

/// Trials of train.py on this machine, several at a time.
struct LocalSearch {
  let runner: LocalRun
  /// The folder of this search.
  let folder: String
  let python: String
  let values: Hyperparameters
  let halving: SuccessiveHalving
  /// Trials at the same time.
  let parallel: Int
  /// Threads of torch, and processes that load photographs, of each trial.
  let threads: Int

  private var session: Session { runner.session }

  /// Runs the trials, rung by rung.
  ///
  /// - Throws: `Refusal` after Ctrl-C or SIGTERM, when every trial has saved its work.
  func run(_ trials: [LocalTrial]) throws -> [LocalTrial] {
    var trials = trials
    var alive = Array(trials.indices)
    for (rung, epochs) in halving.rungs.enumerated() {
      if rung > 0 {
        let losses = alive.compactMap { index in
          trials[index].loss(after: halving.rungs[rung - 1]).map { (name: index, loss: $0) }
        }
        alive = losses.isEmpty ? [] : SuccessiveHalving.survivors(losses).sorted()
        session.note(
          "\(alive.count) of \(losses.count) trials continue to epoch \(epochs): "
            + alive.map { trials[$0].name }.joined(separator: ", "))
      }
      try advance(&trials, alive, to: epochs)
      alive.removeAll { trials[$0].failure != nil }
    }
    return trials
  }

  /// Runs these trials until this epoch, as many at a time as the machine has room for.
  private func advance(_ trials: inout [LocalTrial], _ indices: [Int], to epochs: Int) throws {
    var waiting = indices.filter { !isAt(epochs, trials[$0]) }
    // The first one computes the features that the others read.
    var room = values.freezesBackbone && !hasFeatures ? 1 : parallel
    var running: [(index: Int, child: ChildProcess)] = []
    defer { running.forEach { $0.child.killGroup() } }
    while !waiting.isEmpty || !running.isEmpty {
      if session.isInterrupted { try end(running.map(\.child)) }
      if room < parallel, hasFeatures { room = parallel }
      while running.count < room, let next = waiting.first {
        waiting.removeFirst()
        running.append((next, try start(trials[next])))
      }
      session.clock.sleep(100)
      for (index, child) in running where child.isRunning {
        if epochs < values.epochs, trials[index].losses.keys.contains(where: { $0 >= epochs }) {
          child.signal(SIGTERM)
        }
      }
      for (index, child) in running where !child.isRunning {
        finish(&trials[index], child.exitStatus ?? 1, epochs)
        // Also when it failed: another one may not.
        room = parallel
      }
      running.removeAll { !$0.child.isRunning }
      session.progress.show(
        "\(running.count) trials running, \(waiting.count) waiting, until epoch \(epochs)")
    }
  }

  private func isAt(_ epochs: Int, _ trial: LocalTrial) -> Bool {
    trial.isComplete || (epochs < values.epochs && trial.losses[epochs] != nil)
  }

  private var features: String { "\(folder)/features" }

  private var hasFeatures: Bool {
    let names = try? FileManager.default.contentsOfDirectory(atPath: features)
    return names?.contains { !$0.hasPrefix(".") } ?? false
  }

  /// The command of a trial.
  func command(_ trial: LocalTrial) throws -> LocalPython.Command {
    var values = values
    values.learningRate = trial.learningRate
    values.batchSize = trial.batchSize
    var training = LocalTraining(
      python: python, data: runner.absoluteData, output: trial.folder, hyperparameters: values)
    training.device = runner.options.device
    training.featureCache = values.freezesBackbone ? features : nil
    training.moreArguments = ["--workers", String(threads)]
    return try training.command()
  }

  private func start(_ trial: LocalTrial) throws -> ChildProcess {
    do {
      try FileManager.default.createDirectory(
        atPath: trial.folder, withIntermediateDirectories: true)
    } catch {
      throw Refusal("\(trial.folder) cannot be created: \(error.localizedDescription)")
    }
    return try ChildProcess(
      command(trial), environment: runner.environment(threads: threads), output: .file(trial.log))
  }

  private func finish(_ trial: inout LocalTrial, _ status: Int32, _ epochs: Int) {
    if trial.isComplete || (trial.losses[epochs] != nil && status == 128 + SIGTERM) {
      let loss = trial.loss(after: epochs).map { Text.number($0) } ?? "-"
      return session.note(
        "\(trial.name): epoch \(epochs), loss \(loss) (learning rate \(Text.number(trial.learningRate)), "
          + "batch size \(trial.batchSize))")
    }
    if session.isInterrupted { return }
    trial.failure = TrainingExit(status).text
    session.note("\(trial.name): \(trial.failure ?? ""), see \(trial.log)")
  }

  /// Passes the signal on and waits until the trials have saved their work.
  private func end(_ children: [ChildProcess]) throws {
    ChildProcess.end(
      children, with: session.interruptionSignal ?? SIGTERM, sleep: session.clock.sleep)
    throw Refusal(
      "Interrupted", advice: "To continue with the missing epochs, run the same command again")
  }

  /// Removes what only unfinished trials need.
  func removeCaches(_ trials: [LocalTrial]) {
    try? FileManager.default.removeItem(atPath: features)
    for trial in trials {
      try? FileManager.default.removeItem(atPath: "\(trial.folder)/checkpoints")
    }
  }
}
