import ArgumentParser
import Foundation
import Platform

/// Runs the command. A usage error exits with status 2 instead of ArgumentParser's 64.
@main
enum EntryPoint {
  static func main() {
    StandardStream.surviveClosedStreams()
    let arguments = Array(CommandLine.arguments.dropFirst())
    // Chosen here, because ArgumentParser would take the word for a file.
    let rest = Array(arguments.dropFirst())
    switch arguments.first {
    case GenerateCommand.configuration.commandName: run(GenerateCommand.self, rest)
    case ThumbnailCommand.configuration.commandName: run(ThumbnailCommand.self, rest)
    default: run(LocalInvokeCommand.self, arguments)
    }
  }

  private static func run<Command: ParsableCommand>(_ type: Command.Type, _ arguments: [String]) {
    do {
      var command = try Command.parseAsRoot(arguments)
      try command.run()
    } catch {
      end(with: error, type)
    }
  }

  private static func end<Command: ParsableCommand>(
    with error: any Error, _ type: Command.Type
  ) -> Never {
    if let code = error as? ExitCode { exit(code.rawValue) }
    let console = Console()
    if let error = error as? RunError {
      console.note("Error: \(error)")
      exit(1)
    }
    let text = type.fullMessage(for: error)
    let isHelp = type.exitCode(for: error) == .success
    if !isHelp { console.note(text) }
    exit(isHelp ? console.answer(Array(text.utf8)) : 2)
  }
}
