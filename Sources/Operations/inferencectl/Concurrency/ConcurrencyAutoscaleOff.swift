import ArgumentParser
import Concurrency

struct ConcurrencyAutoscaleOff: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "off",
    abstract: "End autoscaling and its schedules; provisioned environments stay and are billed.",
    discussion:
      "Example: inferencectl concurrency autoscale off --function-name photo-classifier --qualifier live"
  )

  @OptionGroup var target: ProvisionedOptions
  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    let (name, qualifier) = (target.functionName, target.qualifier)
    let wasScaled = try ProvisionedAutoscaling.end(
      ofFunction: name, qualifier: qualifier, with: session.client())
    session.done(
      wasScaled
        ? "\(name):\(qualifier) is no longer autoscaled; its provisioned environments stay until concurrency deprovision"
        : "\(name):\(qualifier) is not autoscaled",
      json: ["functionName": name, "qualifier": qualifier, "changed": wasScaled])
  }
}
