import ArgumentParser
import Concurrency
import Versioning

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
    let client = try session.client()
    let (removed, found) = try Provisioning.remove(
      fromFunction: name, qualifier: qualifier, with: client)
    var warnings = found
    if Int(qualifier) == nil {
      // Else the next deployment would restore what an interrupted one removed.
      let editor = AliasEditor(functionName: name, alias: qualifier, client: client)
      _ = try client.attempt("The alias's description", notes: &warnings) {
        try AliasProvisioning(editor: editor, client: client).forgetIfRecorded()
      }
    }
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
