import ArgumentParser
import AWSControl
import Endpoints

struct EndpointUpdateCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "update",
    abstract: "Change an endpoint's model, instances, or settings without an interruption.",
    discussion: """
      Blue/green: new instances start, then part of the traffic moves while the alarms are monitored, then the rest. \
      An alarm triggers a rollback. Instance counts and weights are kept. For another instance type the autoscaling is \
      saved to a file, removed, and restored after the update, also after a rollback.

      A serverless endpoint changes its concurrency without cold starts, and its memory or model with them. It can get \
      instances with --instance-type, from which SageMaker does not return. With --serverless and --async, what is not \
      given stays.

      Examples:
        inferencectl endpoint update --endpoint-name dogs --instance-type ml.m5.2xlarge --alarm dogs-errors
        inferencectl endpoint update --endpoint-name dogs --serverless max=20
      """)

  @Option(help: ArgumentHelp("Name of the endpoint.", valueName: "name"))
  var endpointName: String

  @Option(help: ArgumentHelp("Production variant (default: the only one).", valueName: "name"))
  var variant: String?

  @Option(help: ArgumentHelp("Archive of the new model.", valueName: "s3://…/model.tar.gz"))
  var modelData: S3Location?

  @Option(help: ArgumentHelp("New instance type, for example ml.m5.2xlarge.", valueName: "type"))
  var instanceType: String?

  @Option(help: "New number of instances, 1 to 1000 (default: unchanged).")
  var instanceCount: Int?

  @Option(help: ArgumentHelp("New container image.", valueName: "uri"))
  var image: String?

  @Option(
    help: ArgumentHelp(
      "Only restore the autoscaling from the file of an earlier update.", valueName: "file"))
  var restoreScaling: String?

  @OptionGroup var kind: EndpointKindOptions
  @OptionGroup var traffic: TrafficOptions
  @OptionGroup var labels: LabelOptions
  @OptionGroup var modelCheck: ModelCheckOptions
  @OptionGroup var wait: WaitOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    let hasChange =
      modelData != nil || instanceType != nil || instanceCount != nil || image != nil
      || kind.serverlessText != nil || kind.asyncText != nil
    guard hasChange != (restoreScaling != nil) else {
      throw ValidationError(
        "Use --model-data, --instance-type, --instance-count, --image, --serverless or --async; or --restore-scaling "
          + "alone."
      )
    }
    guard kind.serverlessText == nil || (instanceType == nil && instanceCount == nil) else {
      throw ValidationError(
        "A serverless endpoint has no instances: use --serverless or --instance-type.")
    }
    if let instanceType, !instanceType.hasPrefix("ml.") {
      throw ValidationError("--instance-type must be a SageMaker type such as ml.m5.xlarge.")
    }
    if let instanceCount, !(1...1000).contains(instanceCount) {
      throw ValidationError("--instance-count must be 1 to 1000.")
    }
  }

  func run(in session: Session) throws {
    let hosting = HostingRun(session: session, labels: labels, check: modelCheck.check)
    if let restoreScaling {
      return try hosting.restoreScaling(endpointName: endpointName, path: restoreScaling)
    }
    var update = EndpointUpdate(endpointName: endpointName, deployment: traffic.deployment)
    update.variant = variant
    update.modelData = modelData
    update.instanceType = instanceType
    update.instanceCount = instanceCount
    update.image = image
    update.serverless = try kind.serverless()
    update.asynchronous = try kind.asynchronous()
    update.trigger = try kind.trigger(in: session)
    try hosting.update(update, traffic, waits: wait.wait)
  }
}
