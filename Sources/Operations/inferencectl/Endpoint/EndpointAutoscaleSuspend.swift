import ArgumentParser
import Endpoints

struct EndpointAutoscaleSuspend: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "suspend",
    abstract: "Suspend autoscaling or parts of it; bounds, policy, and schedules are kept.",
    discussion: "Example: inferencectl endpoint autoscale suspend --endpoint-name dogs")

  @OptionGroup var endpoint: EndpointOptions
  @OptionGroup var parts: SuspensionOptions
  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    try EndpointSuspension.set(true, endpoint, parts, in: session)
  }
}

struct EndpointAutoscaleResume: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Resume autoscaling or parts of it.",
    discussion: "Example: inferencectl endpoint autoscale resume --endpoint-name dogs")

  @OptionGroup var endpoint: EndpointOptions
  @OptionGroup var parts: SuspensionOptions
  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    try EndpointSuspension.set(false, endpoint, parts, in: session)
  }
}

private enum EndpointSuspension {
  static func set(
    _ isSuspended: Bool, _ endpoint: EndpointOptions, _ parts: SuspensionOptions,
    in session: Session
  ) throws {
    let result = try EndpointScaling.suspend(
      parts.parts, isSuspended: isSuspended, endpointName: endpoint.endpointName,
      variant: endpoint.variant, with: session.client())
    session.done(
      ScalingListing.suspension(
        "\(endpoint.endpointName)/\(result.variant)", (result.changed, result.suspended)),
      json: [
        "endpointName": endpoint.endpointName, "variant": result.variant,
        "changed": result.changed, "suspended": result.suspended.map(\.text),
      ])
  }
}
