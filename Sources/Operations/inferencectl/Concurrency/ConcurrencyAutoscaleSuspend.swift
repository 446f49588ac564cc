import ArgumentParser
import Concurrency

struct ConcurrencyAutoscaleSuspend: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "suspend",
    abstract: "Suspend autoscaling or parts of it; bounds, policy, and schedules are kept.",
    discussion:
      "Example: inferencectl concurrency autoscale suspend --function-name photo-classifier --qualifier live"
  )

  @OptionGroup var target: ProvisionedOptions
  @OptionGroup var parts: SuspensionOptions
  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    try ConcurrencySuspension.set(true, target, parts, in: session)
  }
}

struct ConcurrencyAutoscaleResume: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Resume autoscaling or parts of it.",
    discussion:
      "Example: inferencectl concurrency autoscale resume --function-name photo-classifier --qualifier live"
  )

  @OptionGroup var target: ProvisionedOptions
  @OptionGroup var parts: SuspensionOptions
  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    try ConcurrencySuspension.set(false, target, parts, in: session)
  }
}

private enum ConcurrencySuspension {
  static func set(
    _ isSuspended: Bool, _ target: ProvisionedOptions, _ parts: SuspensionOptions,
    in session: Session
  ) throws {
    let result = try ProvisionedAutoscaling.suspend(
      parts.parts, isSuspended: isSuspended, ofFunction: target.functionName,
      qualifier: target.qualifier, with: session.client())
    session.done(
      ScalingListing.suspension("\(target.functionName):\(target.qualifier)", result),
      json: [
        "functionName": target.functionName, "qualifier": target.qualifier,
        "changed": result.changed, "suspended": result.suspended.map(\.text),
      ])
  }
}
