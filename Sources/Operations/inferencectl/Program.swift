import ArgumentParser
import Platform
import Versioning

/// Parses the arguments and runs the command: the whole of `inferencectl`, so that a test can run
/// it in its own process.
///
/// Status 0: done. 1: refused, failed, or interrupted, or the result could not be written. 2: wrong
/// usage, a missing setting included. 3: a deployment that holds, because its new version is not
/// proven. 4: an evaluated model does not pass.
enum Program {
  static func run(
    _ arguments: [String], environment: [String: String], console: Console,
    clock: Clock = .system
  ) -> Int32 {
    do {
      try refuseEmptyValues(arguments)
      var command = try InferenceControl.parseAsRoot(arguments)
      guard let control = command as? any ControlCommand else {
        // A group without a subcommand throws its help.
        try command.run()
        return 0
      }
      let session: Session
      do {
        session = try Session(
          shared: control.shared, environment: environment, console: console, clock: clock)
      } catch {
        console.note(ErrorReport(error: error, exitStatus: 2, isJSON: false).text)
        return 2
      }
      defer { session.end() }
      return run(control, in: session)
    } catch {
      return printMessage(of: error, to: console, asJSON: wantsJSON(arguments))
    }
  }

  /// An empty value is a variable that is not set. As a name it would address something else: an alias without a name
  /// is the list of all.
  private static func refuseEmptyValues(_ arguments: [String]) throws {
    let options = arguments.prefix { $0 != "--" }
    let empty =
      options.first { $0.hasPrefix("--") && $0.hasSuffix("=") }.map { String($0.dropLast()) }
      ?? zip(options, options.dropFirst()).first { $0.hasPrefix("--") && $1.isEmpty }?.0
    guard let empty else { return }
    throw ValidationError("\(empty) is empty. If its value is that of a variable, set it.")
  }

  /// Of arguments that could not be parsed.
  private static func wantsJSON(_ arguments: [String]) -> Bool {
    arguments.contains("--output=json")
      || zip(arguments, arguments.dropFirst()).contains { $0 == "--output" && $1 == "json" }
  }

  private static func run(_ command: any ControlCommand, in session: Session) -> Int32 {
    let status: Int32
    do {
      try command.run(in: session)
      status = 0
    } catch let code as ExitCode {
      status = code.rawValue
    } catch {
      let report = ErrorReport(
        error: error, exitStatus: exitStatus(of: error), isJSON: session.isJSON)
      session.note(report.text)
      return report.exitStatus
    }
    session.output.finish()
    guard let failure = session.output.failure else { return status }
    let effect =
      session.shared.dryRun ? "Nothing was changed" : "The command itself was carried out"
    session.note("Error: \(unwritten(failure)). \(effect)")
    return 1
  }

  private static func exitStatus(of error: any Error) -> Int32 {
    switch error {
    case is ConfigurationError, is ValidationError: 2
    case is Unproven: 3
    default: 1
    }
  }

  /// Help and completion scripts are results; any other message is wrong usage.
  private static func printMessage(
    of error: any Error, to console: Console, asJSON: Bool
  ) -> Int32 {
    let text = InferenceControl.fullMessage(for: error)
    guard InferenceControl.exitCode(for: error) == .success else {
      let usage = ValidationError(InferenceControl.message(for: error))
      console.note(
        asJSON ? ErrorReport(error: usage, exitStatus: 2, isJSON: true).text : text)
      return 2
    }
    do {
      try console.writeOutput(text + "\n")
      return 0
    } catch {
      console.note("Error: \(unwritten(error))")
      return 1
    }
  }

  private static func unwritten(_ failure: any Error) -> String {
    "The result could not be written to standard output: \(failure)"
  }
}
