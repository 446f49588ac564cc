import ArgumentParser
import Foundation

/// Runs the command. A usage error exits with status 2 instead of ArgumentParser's 64.
@main
enum EntryPoint {
  static func main() {
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
    FileHandle(fileDescriptor: isHelp ? 1 : 2).write(Data("\(text)\n".utf8))
    exit(isHelp ? 0 : 2)
  }
}
