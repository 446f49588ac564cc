import ArgumentParser

/// A command that calls AWS: parsed by ArgumentParser, run in a session.
protocol ControlCommand: ParsableCommand {
  /// The options that every command has.
  var shared: SharedOptions { get }

  /// Does it. What it throws is told and ends with status 1, `ValidationError` with 2.
  func run(in session: Session) throws
}
