import ArgumentParser
import JSON
import Versioning

/// `inferencectl alias show`
struct AliasShow: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract:
      "Shows where the aliases send the traffic, what is provisioned, and what rollback goes back to."
  )

  @OptionGroup var function: FunctionOption
  @OptionGroup var qualifier: QualifierOption
  @OptionGroup var shared: SharedOptions

  func run(in session: Session) throws {
    let aliases = try AliasOverview.read(
      functionName: function.functionName, alias: qualifier.qualifier, with: session.client())
    session.result(AliasListing.table(aliases), json: AliasListing.json(aliases))
  }
}
