import ArgumentParser
import Versioning

struct VersionsList: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the versions with date, size, code, aliases, and provisioned concurrency.",
    discussion: "Example: inferencectl versions list --function-name photo-classifier")

  @OptionGroup var function: FunctionOption
  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    let versions = try VersionInventory.read(
      functionName: function.functionName, with: session.client())
    session.result(VersionListing.table(versions), json: VersionListing.json(versions))
  }
}
