import ArgumentParser
import Foundation
import Platform

/// Runs the command. A usage error exits with status 2 instead of ArgumentParser's 64.
@main
enum EntryPoint {
  static func main() {
    StandardStream.surviveClosedStreams()
    do {
      var command = try LocalInvokeCommand.parseAsRoot()
      try command.run()
    } catch {
      end(with: error)
    }
  }

  private static func end(with error: any Error) -> Never {
    if let code = error as? ExitCode { exit(code.rawValue) }
    let text = LocalInvokeCommand.fullMessage(for: error)
    let isHelp = LocalInvokeCommand.exitCode(for: error) == .success
    let console = Console()
    if !isHelp { console.note(text) }
    exit(isHelp ? console.answer(Array(text.utf8)) : 2)
  }
}
