import ArgumentParser

/// `inferencectl alias …`
struct AliasCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alias",
    abstract: "Where an alias sends the traffic: show, point, shift, promote, roll back.",
    discussion: """
      Every change carries the RevisionId that was read, so that nobody's change is overwritten. The version \
      before is remembered in the alias's description, for rollback.
      """,
    subcommands: [
      AliasShow.self, AliasPoint.self, AliasShift.self, AliasPromote.self, AliasRollback.self,
    ])
}

/// The alias that a command changes.
struct AliasOption: ParsableArguments {
  @Option(
    name: .customLong("qualifier"), help: ArgumentHelp("The alias.", valueName: "alias"))
  var name = "live"
}
