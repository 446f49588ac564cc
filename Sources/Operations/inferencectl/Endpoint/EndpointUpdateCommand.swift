import ArgumentParser
import AWSControl
import Endpoints

/// `inferencectl endpoint update`
struct EndpointUpdateCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "update",
    abstract: "Gives an endpoint another model or other instances, without an interruption.",
    discussion: """
      Blue/green: new instances first, then a part of the traffic while the alarms are watched, then the rest. An alarm \
      rolls back. Instance counts and weights stay as they are; for another instance type the autoscaling is saved to a \
      file, ended, and made again when the update is over, also after a rollback.
      """)

  @Option(help: ArgumentHelp("The endpoint.", valueName: "name"))
  var endpointName: String

  @Option(help: ArgumentHelp("Its production variant (default: the only one).", valueName: "name"))
  var variant: String?

  @Option(help: ArgumentHelp("The new model's archive.", valueName: "s3://…/model.tar.gz"))
  var modelData: S3Location?

  @Option(help: ArgumentHelp("The new hosting instance.", valueName: "type"))
  var instanceType: String?

  @Option(help: "Another number of instances (default: as many as there are now).")
  var instanceCount: Int?

  @Option(help: ArgumentHelp("Another container image.", valueName: "uri"))
  var image: String?

  @Option(
    help: ArgumentHelp(
      "Only make the autoscaling again, out of the file of an earlier update.", valueName: "file"))
  var restoreScaling: String?

  @OptionGroup var traffic: TrafficOptions
  @OptionGroup var labels: LabelOptions
  @OptionGroup var wait: WaitOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    let hasChange =
      modelData != nil || instanceType != nil || instanceCount != nil || image != nil
    guard hasChange != (restoreScaling != nil) else {
      throw ValidationError(
        "Give it --model-data, --instance-type, --instance-count or --image; or --restore-scaling alone."
      )
    }
    if let instanceType, !instanceType.hasPrefix("ml.") {
      throw ValidationError("--instance-type wants a SageMaker type, as ml.m5.xlarge.")
    }
    if let instanceCount, !(1...1000).contains(instanceCount) {
      throw ValidationError("--instance-count wants 1 or more.")
    }
  }

  func run(in session: Session) throws {
    let hosting = HostingRun(session: session, labels: labels)
    if let restoreScaling {
      return try hosting.restoreScaling(endpointName: endpointName, path: restoreScaling)
    }
    var update = EndpointUpdate(endpointName: endpointName, deployment: traffic.deployment)
    update.variant = variant
    update.modelData = modelData
    update.instanceType = instanceType
    update.instanceCount = instanceCount
    update.image = image
    try hosting.update(update, traffic, waits: wait.wait)
  }
}
