import ArgumentParser
import Foundation

/// Runs the command: status 1 when something failed or worsened, 2 for wrong usage.
@main
enum EntryPoint {
  static func main() {
    do {
      var command = try BenchmarkCommand.parseAsRoot()
      try command.run()
    } catch let failure as BenchmarkFailure {
      Console.say("benchmark: \(failure.message)")
      exit(1)
    } catch {
      end(with: error)
    }
  }

  private static func end(with error: any Error) -> Never {
    if let code = error as? ExitCode { exit(code.rawValue) }
    let text = BenchmarkCommand.fullMessage(for: error)
    let isHelp = BenchmarkCommand.exitCode(for: error) == .success
    FileHandle(fileDescriptor: isHelp ? 1 : 2).write(Data("\(text)\n".utf8))
    exit(isHelp ? 0 : 2)
  }
}

/// Why there is no result, and what to do about it.
struct BenchmarkFailure: Error {
  let message: String

  init(_ message: String) { self.message = message }
}

/// What a person reads while it runs; results go to standard output.
enum Console {
  static func say(_ text: String) {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
  }
}
