import ArgumentParser
import AWSControl
import Endpoints
import Training

struct TuneBest: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "best",
    abstract: "Print the best trial of a search; with --deploy host its model on an endpoint.",
    discussion: "Example: inferencectl tune best pets-search --deploy --endpoint-name dogs")

  @Argument(help: "Name of the search.")
  var name: String

  @Flag(help: "Create the endpoint, or update it when it exists.")
  var deploy = false

  @Option(help: ArgumentHelp("With --deploy: name of the endpoint.", valueName: "name"))
  var endpointName: String?

  @Option(
    help: ArgumentHelp(
      "With --deploy: instance type of a new endpoint, for example ml.m5.xlarge.", valueName: "type"
    ))
  var instanceType = "ml.m5.xlarge"

  @OptionGroup var labels: LabelOptions
  @OptionGroup var modelCheck: ModelCheckOptions
  @OptionGroup var traffic: TrafficOptions
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard deploy == (endpointName != nil) else {
      throw ValidationError("--deploy and --endpoint-name must be used together.")
    }
  }

  func run(in session: Session) throws {
    let client = try session.client()
    let search = try client.read(DescribeHyperParameterTuningJob(name: name))
    let ranked = try TrialListing.ranked(search, with: client)
    // A trial that was stopped early has an objective, but not always a model.
    guard let best = ranked.first(where: { $0.loss != nil && $0.status == "Completed" }) else {
      throw Refusal(
        "Search \(name) is \(search.status) and has no completed trial yet",
        advice: "To list the trials: inferencectl tune show \(name)")
    }
    let job = try client.read(DescribeTrainingJob(name: best.name))
    guard let endpointName else {
      return session.result(TrainingListing.table(job), json: TrainingListing.json(job))
    }
    session.note(TrainingListing.table(job).text)
    if !search.isOver { session.note("The search is still \(search.status)") }
    guard let uri = job.modelURI, let model = S3Location(uri), let role = job.roleARN else {
      throw Refusal("Training job \(job.name) has no model")
    }
    let hosting = HostingRun(session: session, labels: labels, check: modelCheck.check)
    if try client.endpoint(named: endpointName) == nil {
      let creation = EndpointCreation(
        endpointName: endpointName, modelData: model, roleARN: role,
        hosting: .instances(type: instanceType, count: 1))
      try hosting.create(creation, waits: true, of: job.name)
    } else {
      var update = EndpointUpdate(endpointName: endpointName, deployment: traffic.deployment)
      update.modelData = model
      try hosting.update(update, traffic, waits: true, of: job.name)
    }
  }
}
