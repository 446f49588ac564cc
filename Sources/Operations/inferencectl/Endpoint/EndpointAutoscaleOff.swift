import ArgumentParser
import Endpoints

struct EndpointAutoscaleOff: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "off",
    abstract:
      "End autoscaling of a variant; its instances stay and are billed.",
    discussion: "Example: inferencectl endpoint autoscale off --endpoint-name dogs")

  @OptionGroup var endpoint: EndpointOptions
  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    let (variant, wasScaled) = try EndpointScaling.end(
      endpointName: endpoint.endpointName, variant: endpoint.variant, with: session.client())
    let name = "\(endpoint.endpointName)/\(variant.name)"
    session.done(
      wasScaled
        ? "\(name) is no longer autoscaled and keeps \(variant.desiredInstanceCount) instances"
        : "\(name) is not autoscaled",
      json: [
        "endpointName": endpoint.endpointName, "variant": variant.name, "changed": wasScaled,
        "instances": variant.desiredInstanceCount,
      ])
  }
}
