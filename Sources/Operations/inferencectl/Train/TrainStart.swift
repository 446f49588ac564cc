import ArgumentParser
import AWSControl
import Training

struct TrainStart: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "start",
    abstract: "Start a SageMaker training job and follow its log.",
    discussion: """
      The photographs are listed first: an empty or single class is refused before anything is billed. Ctrl-C ends \
      the command, not the job.

      Example:
      inferencectl train start --data s3://photos/pets --output-uri s3://models/pets --role arn:aws:iam::111122223333:role/pets --spot
      """)

  @OptionGroup var job: JobOptions
  @OptionGroup var network: NetworkOptions
  @OptionGroup var step: StepOptions
  @Option(
    help: ArgumentHelp(
      "Name of the job (default: image-classifier and the time).", valueName: "name"))
  var name: String?
  @OptionGroup var wait: WaitOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if let name { try JobNames.check(name) }
  }

  func run(in session: Session) throws {
    let settings = try job.settings(step.apply(to: network.hyperparameters))
    let name =
      self.name
      ?? JobSettings.name(
        prefix: "image-classifier", unixMilliseconds: session.clock.unixMilliseconds())
    let client = try session.client()
    let prepared = try settings.prepare(name: name, with: client)
    session.note(TrainingListing.summary(of: prepared))
    guard
      try client.write(
        CreateTrainingJob(name: name, definition: prepared.definition, tags: settings.tags)) != nil
    else { return }
    guard wait.wait else {
      return session.done("Training job \(name) started", json: ["name": name])
    }
    session.note("Training job \(name) started")
    try TrainingListing.follow(name, in: session)
  }
}
