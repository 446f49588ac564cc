import Foundation

/// A program that is run to its end.
struct Command {
  private let arguments: [String]
  var environment: [String: String]?

  /// A program, by path or looked for in `PATH`, with its arguments.
  init(_ arguments: String...) { self.arguments = arguments }

  init(_ arguments: [String]) { self.arguments = arguments }

  /// What it prints, without the last line break.
  ///
  /// - Throws: `BenchmarkFailure` with what it said when it cannot be started or does not end with 0.
  func output() throws(BenchmarkFailure) -> String {
    let process = Process()
    let (output, errors) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    if let environment { process.environment = environment }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    do {
      try process.run()
    } catch {
      throw BenchmarkFailure("\(arguments[0]) cannot be started: \(error)")
    }
    // Read while it runs: it would wait for a full pipe.
    let reading = DispatchQueue(label: "errors")
    nonisolated(unsafe) var said = Data()
    reading.async { said = errors.fileHandleForReading.readDataToEndOfFile() }
    let printed = output.fileHandleForReading.readDataToEndOfFile()
    reading.sync {}
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      let text = String(decoding: said, as: UTF8.self)
      throw BenchmarkFailure(
        "\(arguments.prefix(3).joined(separator: " ")) failed (\(process.terminationStatus)): "
          + text.suffix(2_000).trimmingCharacters(in: .whitespacesAndNewlines))
    }
    return String(decoding: printed, as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
