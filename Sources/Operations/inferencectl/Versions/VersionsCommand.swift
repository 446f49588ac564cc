import ArgumentParser

struct VersionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "versions", abstract: "List, publish, and prune the function's versions.",
    subcommands: [VersionsList.self, VersionsPublish.self, VersionsPrune.self])
}
