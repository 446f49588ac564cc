import ArgumentParser
import JSON
import Versioning

struct AliasShow: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract:
      "Print where the aliases send traffic, what is provisioned, and the version of a rollback.",
    discussion: "Example: inferencectl alias show --function-name photo-classifier")

  @OptionGroup var function: FunctionOption
  @OptionGroup var qualifier: QualifierOption
  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    let aliases = try AliasOverview.read(
      functionName: function.functionName, alias: qualifier.qualifier, with: session.client())
    for warning in aliases.flatMap(\.warnings) { session.note("Note: \(warning)") }
    session.result(AliasListing.table(aliases), json: AliasListing.json(aliases))
  }
}
