import ArgumentParser
import Platform

/// Parses the arguments and runs the command: the whole of `inferencectl`, so that a test can run it
/// in its own process.
///
/// Status 0: done. 1: refused, failed, or interrupted. 2: wrong usage, a missing setting included.
enum Program {
  static func run(
    _ arguments: [String], environment: [String: String], console: Console,
    clock: Clock = .system
  ) -> Int32 {
    do {
      var command = try InferenceControl.parseAsRoot(arguments)
      guard let control = command as? any ControlCommand else {
        // A group without a subcommand answers with its help.
        try command.run()
        return 0
      }
      let session = Session(
        shared: control.shared, environment: environment, console: console, clock: clock)
      defer { session.end() }
      return run(control, in: session)
    } catch {
      return tell(error, console)
    }
  }

  private static func run(_ command: any ControlCommand, in session: Session) -> Int32 {
    do {
      try command.run(in: session)
      return 0
    } catch let code as ExitCode {
      return code.rawValue
    } catch let error as ConfigurationError {
      session.console.note("Error: \(error.message)")
      return 2
    } catch let error as ValidationError {
      session.console.note("Error: \(error.message)")
      return 2
    } catch {
      session.progress.clear()
      session.console.note("Error: \(Text.problem(error))")
      return 1
    }
  }

  /// What ArgumentParser has to say: help and completion scripts are answers, the rest is wrong usage.
  private static func tell(_ error: any Error, _ console: Console) -> Int32 {
    let text = InferenceControl.fullMessage(for: error)
    if InferenceControl.exitCode(for: error) == .success {
      console.answer(text)
      return 0
    }
    console.note(text)
    return 2
  }
}
