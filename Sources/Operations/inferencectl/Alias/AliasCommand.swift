import ArgumentParser

struct AliasCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alias",
    abstract: "Inspect and change where an alias sends traffic.",
    discussion: """
      Every change carries the RevisionId that was read, so that a concurrent change is not overwritten. The \
      last move, and the code of versions that failed, are recorded in the alias's description.
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

/// For commands that can send traffic to a version whose code failed before.
struct ForceOption: ParsableArguments {
  @Flag(help: "Accept a version whose code failed on this alias and was rolled back.")
  var force = false
}
