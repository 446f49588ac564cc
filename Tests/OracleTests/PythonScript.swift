import Foundation
import JSON
import TestSupport

/// Runs a Python script of `.ci/checks` and reads its output.
enum PythonScript {
  /// - Parameters:
  ///   - python: the interpreter of a virtual environment.
  ///   - description: passed as a file.
  /// - Returns: the JSON on standard output.
  static func run(
    _ python: String, _ name: String, _ mode: String, description: JSONValue
  ) throws -> JSONValue {
    let input = try TemporaryFile(String(decoding: description.serialized(), as: UTF8.self))
    let output = try TemporaryFile("")
    let errors = try TemporaryFile("")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = [
      Repository.root.appendingPathComponent(".ci/checks/\(name)").path, mode, input.path,
    ]
    process.environment = [
      "NO_PROXY": "127.0.0.1", "PYTHONDONTWRITEBYTECODE": "1", "AWS_EC2_METADATA_DISABLED": "true",
      "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    ]
    // Files, not pipes: children of other tests would inherit the writing end, so that the pipe
    // would not end.
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output.path))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors.path))
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let text = try String(contentsOfFile: errors.path, encoding: .utf8)
      throw OracleError("\(name) ended with \(process.terminationStatus): \(text)")
    }
    return try JSONValue(parsing: Array(Data(contentsOf: URL(fileURLWithPath: output.path))))
  }
}
