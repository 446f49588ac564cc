import ArgumentParser
import AWSControl
import Endpoints

/// `inferencectl endpoint create`
struct EndpointCreate: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "create",
    abstract: "Puts a model on an endpoint, and writes the model's classes for the function.",
    discussion:
      "Made are a model, a configuration and the endpoint; what was made before a failure is taken away again."
  )

  @Option(help: ArgumentHelp("The endpoint.", valueName: "name"))
  var endpointName: String

  @Option(help: ArgumentHelp("The model's archive.", valueName: "s3://…/model.tar.gz"))
  var modelData: S3Location?

  @Option(help: ArgumentHelp("The training job whose model it is, instead.", valueName: "name"))
  var trainingJob: String?

  @Option(help: ArgumentHelp("The hosting instance.", valueName: "type"))
  var instanceType = "ml.m5.xlarge"

  @Option(help: "Instances at the beginning.")
  var instanceCount = 1

  @Option(help: ArgumentHelp("The variant's name.", valueName: "name"))
  var variant = "AllTraffic"

  @Option(
    name: .customLong("env"),
    help: ArgumentHelp("A variable for the container; may be repeated.", valueName: "NAME=value"))
  var variables: [String] = []

  @Option(help: ArgumentHelp("Encrypts the instances' disks.", valueName: "key"))
  var kmsKey: String?

  @OptionGroup var placement: PlacementOptions
  @OptionGroup var labels: LabelOptions
  @OptionGroup var wait: WaitOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard (modelData == nil) != (trainingJob == nil) else {
      throw ValidationError("Give it either --model-data or --training-job.")
    }
    try HostingNames.check(endpointName, "--endpoint-name")
    try HostingNames.check(variant, "--variant")
    guard instanceType.hasPrefix("ml.") else {
      throw ValidationError("--instance-type wants a SageMaker type, as ml.m5.xlarge.")
    }
    guard (1...1000).contains(instanceCount) else {
      throw ValidationError("--instance-count wants 1 or more.")
    }
    for variable in variables where !variable.contains("=") || variable.hasPrefix("=") {
      throw ValidationError("--env wants NAME=value, not \(variable).")
    }
  }

  func run(in session: Session) throws {
    let (model, jobRole) = try source(in: session)
    var creation = EndpointCreation(
      endpointName: endpointName, modelData: model,
      roleARN: try placement.role ?? jobRole ?? placement.requiredRole(), instanceType: instanceType
    )
    creation.instanceCount = instanceCount
    creation.variantName = variant
    creation.image = placement.image
    creation.network = placement.network
    creation.isNetworkIsolated = placement.networkIsolation
    creation.kmsKeyID = kmsKey
    creation.tags = placement.tags
    for variable in variables {
      let parts = variable.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      creation.environment[String(parts[0])] = String(parts[1])
    }
    try HostingRun(session: session, labels: labels).create(creation, waits: wait.wait)
  }

  /// The archive, and the role of the job that made it.
  private func source(in session: Session) throws -> (S3Location, role: String?) {
    if let modelData { return (modelData, nil) }
    let name = trainingJob ?? ""
    let job = try session.client().read(DescribeTrainingJob(name: name))
    guard let uri = job.modelURI, let model = S3Location(uri), job.status == "Completed" else {
      throw Refusal("Training job \(name) is \(job.status) and has no model")
    }
    return (model, job.roleARN)
  }
}

/// SageMaker's names.
enum HostingNames {
  static func check(_ name: String, _ option: String) throws {
    let isFine =
      (1...63).contains(name.count) && name.first != "-" && name.last != "-"
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    guard isFine else {
      throw ValidationError("\(option) wants 1 to 63 letters, digits and hyphens, not \(name).")
    }
  }
}
