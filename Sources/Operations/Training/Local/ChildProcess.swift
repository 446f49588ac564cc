import Foundation

/// Runs a program whose output is the user's to see.
package enum ChildProcess {
  /// Runs it to its end.
  ///
  /// - Parameters:
  ///   - isInterrupted: asked ten times a second; once true, the program gets SIGINT, so that it can keep what it has.
  ///   - sleep: lets milliseconds pass.
  /// - Returns: the exit status; 128 and the signal's number when it was killed.
  /// - Throws: `TrainingError` when it cannot be started.
  package static func run(
    _ command: LocalPython.Command, environment: [String: String],
    isInterrupted: () -> Bool, sleep: (Int64) -> Void
  ) throws(TrainingError) -> Int32 {
    guard let program = command.words.first else {
      throw TrainingError("there is no program to run")
    }
    let process = Process()
    // Found by the user's PATH.
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + command.words.dropFirst()
    process.environment = environment
    do { try process.run() } catch {
      throw TrainingError("\(program) cannot be started: \(error.localizedDescription)")
    }
    var wasTold = false
    while process.isRunning {
      if !wasTold, isInterrupted() {
        wasTold = true
        process.interrupt()
      }
      sleep(100)
    }
    process.waitUntilExit()
    return process.terminationReason == .exit
      ? process.terminationStatus : 128 + process.terminationStatus
  }
}
