import Foundation

/// Runs a program and shows its output to the user, on standard error.
package enum ChildProcess {
  /// Runs it to its end.
  ///
  /// - Parameters:
  ///   - isInterrupted: asked ten times a second; once true, the program gets SIGINT, so that it
  ///     can save its work.
  ///   - sleep: milliseconds.
  /// - Returns: the exit status; 128 plus the signal's number when it was killed.
  /// - Throws: `TrainingError` when it cannot be started.
  package static func run(
    _ command: LocalPython.Command, environment: [String: String],
    isInterrupted: () -> Bool, sleep: (Int64) -> Void
  ) throws(TrainingError) -> Int32 {
    guard let program = command.words.first else {
      throw TrainingError("there is no program to run")
    }
    let process = Process()
    // Found through the user's PATH.
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + command.words.dropFirst()
    process.environment = environment
    // Standard output belongs to this command's own result.
    process.standardOutput = FileHandle.standardError
    do { try process.run() } catch {
      throw TrainingError("\(program) could not be started: \(error.localizedDescription)")
    }
    var wasInterrupted = false
    while process.isRunning {
      if !wasInterrupted, isInterrupted() {
        wasInterrupted = true
        process.interrupt()
      }
      sleep(100)
    }
    process.waitUntilExit()
    return process.terminationReason == .exit
      ? process.terminationStatus : 128 + process.terminationStatus
  }
}
