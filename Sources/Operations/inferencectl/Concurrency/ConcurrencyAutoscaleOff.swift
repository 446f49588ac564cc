import ArgumentParser
import Concurrency

/// `inferencectl concurrency autoscale off`
struct ConcurrencyAutoscaleOff: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "off",
    abstract: "Ends the scaling with its schedules; what is provisioned stays, and goes on costing."
  )

  @OptionGroup var target: ProvisionedOptions
  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    let (name, qualifier) = (target.functionName, target.qualifier)
    let wasScaled = try ProvisionedAutoscaling.end(
      ofFunction: name, qualifier: qualifier, with: session.client())
    session.done(
      wasScaled
        ? "\(name):\(qualifier) is not scaled any more; what is provisioned now stays until concurrency deprovision"
        : "\(name):\(qualifier) is not scaled",
      json: ["functionName": name, "qualifier": qualifier, "changed": wasScaled])
  }
}
