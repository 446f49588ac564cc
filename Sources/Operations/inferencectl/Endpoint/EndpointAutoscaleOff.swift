import ArgumentParser
import Endpoints

/// `inferencectl endpoint autoscale off`
struct EndpointAutoscaleOff: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "off",
    abstract:
      "Ends the scaling of a variant; its instances stay as many as they are, and go on costing.")

  @OptionGroup var endpoint: EndpointOptions
  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    let (variant, wasScaled) = try EndpointScaling.end(
      endpointName: endpoint.endpointName, variant: endpoint.variant, with: session.client())
    let name = "\(endpoint.endpointName)/\(variant.name)"
    session.reportDone(
      wasScaled
        ? "\(name) is not scaled any more and keeps \(variant.desiredInstanceCount) instances"
        : "\(name) is not scaled",
      json: [
        "endpointName": endpoint.endpointName, "variant": variant.name, "changed": wasScaled,
        "instances": variant.desiredInstanceCount,
      ])
  }
}
