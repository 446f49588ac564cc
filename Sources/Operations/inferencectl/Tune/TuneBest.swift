import ArgumentParser
import AWSControl
import Endpoints
import Training

/// `inferencectl tune best`
struct TuneBest: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "best",
    abstract: "Shows the best trial of a search; with --deploy puts its model on an endpoint.")

  @Argument(help: "The search.")
  var name: String

  @Flag(help: "Make the endpoint, or give it this model when it is there.")
  var deploy = false

  @Option(help: ArgumentHelp("With --deploy: the endpoint.", valueName: "name"))
  var endpointName: String?

  @Option(
    help: ArgumentHelp("With --deploy: the type of a new endpoint's instances.", valueName: "type"))
  var instanceType = "ml.m5.xlarge"

  @OptionGroup var labels: LabelOptions
  @OptionGroup var traffic: TrafficOptions
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard deploy == (endpointName != nil) else {
      throw ValidationError("--deploy and --endpoint-name go together.")
    }
  }

  func run(in session: Session) throws {
    let client = try session.client()
    let search = try client.read(DescribeHyperParameterTuningJob(name: name))
    let ranked = try TrialListing.ranked(search, with: client)
    // A trial that was ended early has an objective, but not always a model.
    guard let best = ranked.first(where: { $0.loss != nil && $0.status == "Completed" }) else {
      throw Refusal(
        "Search \(name) has no completed trial yet: it is \(search.status)",
        advice: "`inferencectl tune show \(name)` lists the trials")
    }
    let job = try client.read(DescribeTrainingJob(name: best.name))
    session.print(TrainingListing.table(job), json: TrainingListing.json(job))
    guard let endpointName else { return }
    if !search.isOver { session.console.note("The search is still \(search.status)") }
    guard let uri = job.modelURI, let model = S3Location(uri), let role = job.roleARN else {
      throw Refusal("Training job \(job.name) has no model")
    }
    if try client.endpoint(named: endpointName) == nil {
      let creation = EndpointCreation(
        endpointName: endpointName, modelData: model, roleARN: role, instanceType: instanceType)
      try HostingRun(session: session, labels: labels).create(creation, waits: true)
    } else {
      var update = EndpointUpdate(endpointName: endpointName, deployment: traffic.deployment)
      update.modelData = model
      try HostingRun(session: session, labels: labels).update(update, traffic, waits: true)
    }
  }
}
