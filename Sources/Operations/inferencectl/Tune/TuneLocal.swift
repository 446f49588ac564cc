import ArgumentParser
import AWSControl
import Foundation
import Training

struct TuneLocal: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "local",
    abstract: "Search on this machine, on all of its cores.",
    discussion: """
      The points are spread evenly over the ranges (a quasi-random sequence, seeded by --seed), unlike SageMaker's \
      Bayesian search, which learns from earlier trials. Unpromising trials are stopped early (successive halving: a \
      third continues after a ninth and after a third of the epochs). The same command resumes an interrupted search; \
      with more --trials it continues a finished one. With --freeze-backbone all trials share the photographs' \
      features.

      Example: inferencectl tune local --data photographs --trials 9 --epochs 18
      """)

  @OptionGroup var local: LocalOptions
  @OptionGroup var network: NetworkOptions
  @OptionGroup var space: SpaceOptions
  @Option(help: "Number of trials, 1 to 1000.")
  var trials = 10
  @Option(
    help:
      "Number of trials at the same time, 1 to 64 (default: one for each core, as far as the memory suffices)."
  )
  var parallel: Int?
  @Flag(inversion: .prefixedNo, help: "Stop unpromising trials early.")
  var earlyStopping = true
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard (1...1000).contains(trials) else { throw ValidationError("--trials must be 1 to 1000.") }
    guard (1...64).contains(parallel ?? 1) else {
      throw ValidationError("--parallel must be 1 to 64.")
    }
  }

  func run(in session: Session) throws {
    let runner = LocalRun(options: local, session: session)
    try runner.photographs()
    var values = network.hyperparameters
    values.weights = local.weights
    try runner.requireOutput(megabytes: LocalRun.megabytes(values))
    let machine = try LocalMachine.current(values)
    if let remark = try space.remark(limit: machine.batchLimit, place: "this machine") {
      session.note(remark)
    }
    let space = try space.space(limit: machine.batchLimit)
    let python = try runner.python(for: values)
    let search = try search(values, space, python, runner, machine)
    let planned = space.points(trials, seed: UInt64(network.seed ?? 0)).enumerated().map {
      LocalTrial(
        number: $0 + 1, learningRate: $1.learningRate, batchSize: $1.batchSize,
        search: search.folder)
    }
    if shared.dryRun {
      for trial in planned { session.output.add(command: try search.command(trial).text) }
      return
    }
    let lock = try OwnedLock("\(search.folder)/search.lock", of: "The search in \(search.folder)")
    defer { withExtendedLifetime(lock) {} }
    try show(search.run(planned), search, session)
  }

  private func search(
    _ values: Hyperparameters, _ space: TuningSpace, _ python: String, _ runner: LocalRun,
    _ machine: LocalMachine
  ) throws -> LocalSearch {
    let key = try SearchKey.text(
      photographs: local.data, weights: local.weights,
      settings: values.values.map { ($0.name, $0.value) } + [
        ("rates", "\(space.learningRate)"), ("sizes", "\(space.batchSize)"),
        ("device", local.device),
      ])
    let parallel =
      parallel
      ?? machine.parallelTrials(
        upTo: trials, largestBatch: space.batchSize.upperBound, device: local.device)
    return LocalSearch(
      runner: runner, folder: "\(local.outputDir)/search-\(key)", python: python, values: values,
      halving: earlyStopping
        ? SuccessiveHalving(epochs: values.epochs, trials: trials)
        : SuccessiveHalving(wholeTraining: values.epochs),
      parallel: parallel, threads: max(1, machine.cores / parallel))
  }

  private func show(_ done: [LocalTrial], _ search: LocalSearch, _ session: Session) throws {
    let ranked = TuningTrial.ranked(done.map(\.result), objective: "Minimize")
    TrialListing.show(ranked, in: session)
    func count(_ status: String) -> Int { ranked.count { $0.status == status } }
    session.note(
      TrialListing.state(
        "Completed", completed: count("Completed"), running: 0, stopped: count("Stopped"),
        failed: count("Failed"), of: trials))
    // A trial that was stopped has a loss, but no model.
    guard let best = ranked.first(where: { $0.status == "Completed" && $0.loss != nil }) else {
      throw Refusal(
        "No trial completed", advice: "See training.log of the trials in \(search.folder)")
    }
    search.removeCaches(done)
    session.note("The best model is \(search.folder)/\(best.name)/model.tar.gz")
  }
}
