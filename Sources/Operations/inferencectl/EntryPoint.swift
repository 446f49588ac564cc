import Foundation
import Platform

@main
enum EntryPoint {
  static func main() {
    StandardStream.surviveClosedStreams()
    exit(
      Program.run(
        Array(CommandLine.arguments.dropFirst()),
        environment: ProcessInfo.processInfo.environment, console: .standard))
  }
}
