import ArgumentParser

/// `inferencectl versions …`
struct VersionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "versions", abstract: "The function's immutable versions.",
    subcommands: [VersionsList.self, VersionsPublish.self, VersionsPrune.self])
}
