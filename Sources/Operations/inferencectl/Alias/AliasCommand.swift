import ArgumentParser

struct AliasCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alias",
    abstract: "Inspect and change where an alias sends traffic.",
    discussion: """
      Every change carries the RevisionId that was read, so that a concurrent change is not overwritten. The \
      previous version is recorded in the alias's description, for rollback.
      """,
    subcommands: [
      AliasShow.self, AliasPoint.self, AliasShift.self, AliasPromote.self, AliasRollback.self,
    ])
}

struct AliasOption: ParsableArguments {
  @Option(
    name: .customLong("qualifier"), help: ArgumentHelp("Name of the alias.", valueName: "alias"))
  var name = "live"
}
