import Foundation

/// Runs the command of this process.
@main
enum EntryPoint {
  static func main() {
    exit(
      Program.run(
        Array(CommandLine.arguments.dropFirst()),
        environment: ProcessInfo.processInfo.environment, console: .standard))
  }
}
