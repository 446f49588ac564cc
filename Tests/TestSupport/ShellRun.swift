import Foundation

/// A line of a shell that ran one of this package's programs to its end.
package struct ShellRun {
  package let status: Int32
  package let reason: Process.TerminationReason
  /// Empty where the line redirects it.
  package let output: String
  package let errors: String

  /// Both pipes are read at the same time, so that neither fills and stops the program.
  ///
  /// - Parameters:
  ///   - line: The program is `$0`; a redirection may be, for example, `>/dev/full`.
  ///   - outputIsClosedPipe: Whether nobody reads standard output from the start.
  package init(
    _ line: String, program: String, environment: [String: String] = [:],
    outputIsClosedPipe: Bool = false
  ) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line, Repository.products.appendingPathComponent(program).path]
    process.environment = environment
    process.currentDirectoryURL = Repository.root
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    if outputIsClosedPipe { try output.fileHandleForReading.close() }
    try process.run()
    let errorText = Box<String>()
    Thread {
      let data = errors.fileHandleForReading.readDataToEndOfFile()
      errorText.set(String(decoding: data, as: UTF8.self))
    }.start()
    self.output =
      outputIsClosedPipe
      ? "" : String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    status = process.terminationStatus
    reason = process.terminationReason
    self.errors = errorText.wait() ?? ""
  }
}
