import ArgumentParser
import TestSupport
import Testing

@testable import inferencectl

/// What every command has in common, tested for each.
@Suite struct HabitTests {
  @Test(arguments: ["bash", "zsh", "fish"])
  func completionScriptContainsEveryGroup(shell: String) {
    let run = CommandRun(["--generate-completion-script", shell])
    #expect(run.status == 0)
    for group in InferenceControl.configuration.subcommands {
      #expect(run.output.contains(group._commandName))
    }
  }

  @Test(arguments: Command.all)
  func helpHasAnAbstractAndTheSharedOptions(command: Command) {
    let run = CommandRun(command.words + ["--help"])
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    #expect(!command.type.configuration.abstract.isEmpty)
    #expect(command.type.configuration.abstract.hasSuffix("."))
    guard command.type is any ControlCommand.Type else { return }
    for option in ["--region", "--profile", "--endpoint-url", "--output", "--dry-run", "--yes"] {
      #expect(run.output.contains(option), "\(command) has no \(option)")
    }
  }

  @Test(arguments: Command.all.filter { $0.type.configuration.subcommands.isEmpty })
  func helpHasAnExampleThatIsUnderstood(command: Command) throws {
    let examples = command.examples
    #expect(!examples.isEmpty, "the help has no line with an example")
    for example in examples {
      let parsed = try InferenceControl.parseAsRoot(example)
      #expect(type(of: parsed) == command.type, "\(example) is another command")
    }
  }

  @Test(arguments: Command.all.filter { $0.type is any ControlCommand.Type })
  func wrongOptionIsStatus2AndNothingIsPrinted(command: Command) {
    let run = CommandRun(command.words + ["--no-such-option"])
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("Error: "))
  }
}

/// A command with the words that call it.
struct Command: Sendable, CustomTestStringConvertible {
  let words: [String]
  let type: any ParsableCommand.Type

  var testDescription: String { words.joined(separator: " ") }

  /// The arguments of each line of the help that calls `inferencectl`, up to a pipe or a redirection.
  var examples: [[String]] {
    type.configuration.discussion.split(separator: "\n").compactMap { line in
      line.firstRange(of: #/^\s*(Example: )?inferencectl\s/#).map { call in
        line[call.upperBound...].matches(of: #/"([^"]*)"|\S+/#)
          .map { $0.output.1.map(String.init) ?? String($0.output.0) }
          .prefix { $0 != "|" && $0 != ">" }.map { $0 }
      }
    }
  }

  static let all = below(InferenceControl.self, [])

  private static func below(_ type: any ParsableCommand.Type, _ words: [String]) -> [Command] {
    type.configuration.subcommands.flatMap { subcommand -> [Command] in
      let path = words + [subcommand._commandName]
      return [Command(words: path, type: subcommand)] + below(subcommand, path)
    }
  }
}
