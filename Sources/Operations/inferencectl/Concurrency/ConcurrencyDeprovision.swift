import ArgumentParser
import Concurrency

struct ConcurrencyDeprovision: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "deprovision",
    abstract:
      "Delete the provisioned concurrency of a version or alias; invocations then run on demand.",
    discussion:
      "Example: inferencectl concurrency deprovision --function-name photo-classifier --qualifier live"
  )

  @OptionGroup var target: ProvisionedOptions
  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    let (name, qualifier) = (target.functionName, target.qualifier)
    let (removed, warnings) = try Provisioning.remove(
      fromFunction: name, qualifier: qualifier, with: session.client())
    session.warn(warnings)
    session.done(
      removed.map {
        "\(name):\(qualifier) no longer has provisioned concurrency (before: \($0.requested))"
      }
        ?? "\(name):\(qualifier) has no provisioned concurrency",
      json: [
        "functionName": name, "qualifier": qualifier, "before": removed?.requested,
        "changed": removed != nil,
      ])
  }
}
