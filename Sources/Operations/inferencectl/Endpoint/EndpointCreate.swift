import ArgumentParser
import AWSControl
import Endpoints

struct EndpointCreate: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "create",
    abstract: "Create an endpoint for a model, and write the model's classes to a file.",
    discussion: """
      Creates a model, a configuration and the endpoint; after a failure deletes what was created. The endpoint is \
      real-time, or serverless, or asynchronous; an asynchronous one begins with an instance, and endpoint autoscale \
      --min 0 lets it end. What SageMaker refuses is refused before anything is created.

      Examples:
        inferencectl endpoint create --endpoint-name dogs --model-data s3://models/pets/model.tar.gz --role arn:aws:iam::111122223333:role/pets
        inferencectl endpoint create --endpoint-name dogs --training-job pets-1 --serverless memory=2048,max=5
        inferencectl endpoint create --endpoint-name dogs --training-job pets-1 --instance-type ml.g4dn.xlarge --async output=s3://dog-results/output,errors=s3://dog-results/failures
      """)

  @Option(help: ArgumentHelp("Name of the endpoint.", valueName: "name"))
  var endpointName: String

  @Option(help: ArgumentHelp("Archive of the model.", valueName: "s3://…/model.tar.gz"))
  var modelData: S3Location?

  @Option(
    help: ArgumentHelp(
      "Training job whose model is used, instead of --model-data.", valueName: "name"))
  var trainingJob: String?

  @Option(
    help: ArgumentHelp(
      "Instance type, for example ml.g4dn.xlarge (default: ml.m5.xlarge).", valueName: "type"))
  var instanceType: String?

  @Option(help: "Initial number of instances, 1 to 1000 (default: 1).")
  var instanceCount: Int?

  @OptionGroup var kind: EndpointKindOptions

  @Option(help: ArgumentHelp("Name of the variant.", valueName: "name"))
  var variant = "AllTraffic"

  @Option(
    name: .customLong("env"),
    help: ArgumentHelp(
      "Environment variable of the container; repeat for more.", valueName: "NAME=value"))
  var variables: [String] = []

  @Option(help: ArgumentHelp("KMS key of the instances' disks.", valueName: "key"))
  var kmsKey: String?

  @OptionGroup var placement: PlacementOptions
  @OptionGroup var labels: LabelOptions
  @OptionGroup var modelCheck: ModelCheckOptions
  @OptionGroup var wait: WaitOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard (modelData == nil) != (trainingJob == nil) else {
      throw ValidationError("Use either --model-data or --training-job.")
    }
    guard HostingNames.isEndpointName(endpointName) else {
      throw ValidationError(
        "--endpoint-name must be 1 to 63 lower-case letters, digits, and hyphens, without a hyphen at the "
          + "beginning or the end, not \(endpointName).")
    }
    guard HostingNames.isVariantName(variant) else {
      throw ValidationError(
        "--variant must be 1 to 63 letters, digits, and hyphens, without a hyphen at the beginning or the "
          + "end, not \(variant).")
    }
    guard instanceType?.hasPrefix("ml.") ?? true else {
      throw ValidationError("--instance-type must be a SageMaker type such as ml.m5.xlarge.")
    }
    guard instanceCount != 0 else {
      throw ValidationError(
        "SageMaker creates no endpoint with 0 instances. Create it with one, then use endpoint autoscale --min 0, "
          + "which needs --async.")
    }
    guard (1...1000).contains(instanceCount ?? 1) else {
      throw ValidationError("--instance-count must be 1 to 1000.")
    }
    _ = try hosting()
    do { _ = try kind.asynchronous()?.configuration() } catch let refusal as Refusal {
      throw ValidationError("--async: \(refusal.message).")
    }
    for variable in variables where !variable.contains("=") || variable.hasPrefix("=") {
      throw ValidationError("--env must be NAME=value, not \(variable).")
    }
  }

  func run(in session: Session) throws {
    let (model, jobRole) = try source(in: session)
    var creation = EndpointCreation(
      endpointName: endpointName, modelData: model,
      roleARN: try placement.role ?? jobRole ?? placement.requiredRole(), hosting: try hosting())
    creation.asynchronous = try kind.asynchronous()?.configuration()
    creation.trigger = try kind.trigger(in: session)
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
    try HostingRun(session: session, labels: labels, check: modelCheck.check).create(
      creation, waits: wait.wait)
  }

  private func hosting() throws -> CreateEndpointConfig.Hosting {
    guard let text = kind.serverlessText else {
      return .instances(type: instanceType ?? "ml.m5.xlarge", count: instanceCount ?? 1)
    }
    guard instanceType == nil, instanceCount == nil, kmsKey == nil else {
      throw ValidationError(
        "A serverless endpoint has no instances: leave out --instance-type, --instance-count, and --kms-key."
      )
    }
    return .serverless(try EndpointKindText.newServerless(text))
  }

  /// The archive, and the role of its training job.
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

/// The rules of the template's `EndpointName` and `EndpointVariant`.
enum HostingNames {
  /// In lower case, unlike SageMaker's own rule: an endpoint's ARN is in lower case whatever the
  /// case of its name, and IAM compares it with the name in a policy.
  static func isEndpointName(_ name: String) -> Bool {
    isVariantName(name) && !name.contains(where: \.isUppercase)
  }

  static func isVariantName(_ name: String) -> Bool {
    (1...63).contains(name.utf8.count) && name.first != "-" && name.last != "-"
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
  }
}
