import ArgumentParser
import AWSControl
import Training

struct TuneStart: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "start",
    abstract: "Start a SageMaker search for the lowest validation loss.",
    discussion: """
      With fewer trials at the same time a Bayesian search learns more from the earlier ones.

      Example: inferencectl tune start --data s3://photos/pets --output-uri s3://models/pets --role arn:aws:iam::111122223333:role/pets --jobs 20
      """)

  /// How a search selects the next trial.
  enum Strategy: String, ExpressibleByArgument, CaseIterable {
    case bayesian, random
  }

  @OptionGroup var job: JobOptions
  @OptionGroup var network: NetworkOptions
  @OptionGroup var space: SpaceOptions
  @Option(
    help: ArgumentHelp(
      "Name of the search, at most 32 characters (default: tune and the time).", valueName: "name"))
  var name: String?
  @Option(help: "Total number of trials, 1 to 750.")
  var jobs = 20
  @Option(help: "Number of trials at the same time, 1 to 100.")
  var parallel = 2
  @Option(help: "How the next trial is selected.")
  var strategy = Strategy.bayesian
  @Flag(inversion: .prefixedNo, help: "Stop unpromising trials early.")
  var earlyStopping = true
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard (1...750).contains(jobs) else { throw ValidationError("--jobs must be 1 to 750.") }
    guard (1...min(jobs, 100)).contains(parallel) else {
      throw ValidationError("--parallel must be 1 to 100 and at most --jobs.")
    }
    if let name { try JobNames.check(name, maximum: 32) }
  }

  func run(in session: Session) throws {
    let settings = try job.settings(network.hyperparameters)
    let limit = try BatchBound.images(
      network.hyperparameters, memory: InstanceMemory.gpuGigabytes(of: job.instanceType))
    if let remark = try space.remark(limit: limit, place: job.instanceType) { session.note(remark) }
    let name =
      self.name
      ?? JobSettings.name(prefix: "tune", unixMilliseconds: session.clock.unixMilliseconds())
    let client = try session.client()
    let prepared = try settings.prepare(name: name, with: client)
    session.note(TrainingListing.summary(of: prepared))
    var definition = prepared.definition
    // One folder for all trials: only spot ones come back to it, and their files have names of their
    // own.
    if !job.spot { definition.checkpointURI = nil }
    let search = CreateHyperParameterTuningJob.Search(
      strategy: strategy == .bayesian ? "Bayesian" : "Random",
      metricName: "validation:best-loss", objective: "Minimize",
      ranges: try space.space(limit: limit).ranges,
      maximumJobs: jobs, maximumParallelJobs: parallel, stopsEarly: earlyStopping,
      seed: network.seed)
    guard
      try client.write(
        CreateHyperParameterTuningJob(
          name: name, search: search, definition: definition, tags: settings.tags)) != nil
    else { return }
    session.done(
      "Search \(name) started: \(jobs) trials, \(parallel) at a time. To list them: inferencectl tune show \(name)",
      json: ["name": name, "jobs": jobs, "parallel": parallel])
  }
}
