import AWSControl
import Foundation
import Training

/// Runs Python on this machine, for `train local` and `tune local`.
struct LocalRun {
  let options: LocalOptions
  let session: Session

  /// Counts the photographs before anything is installed.
  func photographs() throws -> PhotographCount {
    let count = try PhotographCount.inFolder(options.data)
    try count.requireTrainable(options.data)
    return count
  }

  /// An interpreter with the packages of train.py.
  ///
  /// - Throws: `Refusal` when it cannot be created.
  func python() throws -> String {
    if let python = options.python { return python }
    let local = LocalPython(environment: options.environment, variables: session.environment)
    let commands = try local.preparation()
    for command in commands {
      if session.shared.dryRun {
        session.output.add(command: command.text)
        continue
      }
      session.note("$ \(command.text)")
      guard try run(command) == 0 else {
        throw Refusal(
          "The virtual environment \(local.environment.path) could not be created",
          advice:
            "See the lines above, or use --python with an interpreter that has torch, "
            + "torchvision, numpy and Pillow")
      }
    }
    if !session.shared.dryRun, !commands.isEmpty { try local.confirm() }
    return local.interpreter
  }

  /// Runs a program; Ctrl-C interrupts it.
  func run(_ command: LocalPython.Command) throws -> Int32 {
    // So that the program can save its work before this one ends.
    session.armInterruption()
    var environment = session.environment
    environment["PYTHONUNBUFFERED"] = "1"
    return try ChildProcess.run(
      command, environment: environment, isInterrupted: { session.isInterrupted },
      sleep: session.clock.sleep)
  }
}
