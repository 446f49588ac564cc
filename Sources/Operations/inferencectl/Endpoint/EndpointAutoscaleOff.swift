import ArgumentParser
import Endpoints

struct EndpointAutoscaleOff: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "off",
    abstract:
      "End autoscaling of a variant; its instances or provisioned concurrency stay and are billed.",
    discussion: "Example: inferencectl endpoint autoscale off --endpoint-name dogs")

  @OptionGroup var endpoint: EndpointOptions
  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    let end = try EndpointScaling.end(
      endpointName: endpoint.endpointName, variant: endpoint.variant, with: session.client())
    let (variant, wasScaled) = (end.variant, end.wasScaled)
    session.warn(end.warnings)
    let name = "\(endpoint.endpointName)/\(variant.name)"
    let rest =
      variant.serverless.map { "its provisioned concurrency, \($0.provisionedConcurrency ?? 0)" }
      ?? "\(variant.desiredInstanceCount) instances"
    let alarm = end.deletedAlarm.map { "; the alarm \($0) is deleted" } ?? ""
    session.done(
      (wasScaled
        ? "\(name) is no longer autoscaled and keeps \(rest)" : "\(name) is not autoscaled")
        + alarm,
      json: [
        "endpointName": endpoint.endpointName, "variant": variant.name,
        "changed": wasScaled || end.deletedAlarm != nil, "deletedAlarm": end.deletedAlarm,
        "instances": variant.isServerless ? nil : variant.desiredInstanceCount,
      ])
  }
}
