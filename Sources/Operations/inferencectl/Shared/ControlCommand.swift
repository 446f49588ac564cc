import ArgumentParser

/// A command that calls AWS: parsed by ArgumentParser, run in a session.
protocol ControlCommand: ParsableCommand {
  var shared: SharedOptions { get }

  /// Runs the command. Prints any error and exits with status 1, after `ValidationError` with 2.
  func run(in session: Session) throws
}
