import Foundation
import TestSupport

/// The real `local-invoke` process, run with exactly the given environment.
final class CommandRun {
  struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  let process = Process()
  private let output = Pipe()
  private let errors = Pipe()
  private let collected = Recorder<String>()
  private let errorText = Box<String>()

  init(
    _ arguments: [String], environment: [String: String] = [:], input: String = "",
    bootstrap: URL? = nil
  ) throws {
    process.executableURL = Repository.products.appendingPathComponent("local-invoke")
    process.arguments = arguments + (bootstrap.map { ["--bootstrap", $0.path] } ?? [])
    process.environment = environment
    process.currentDirectoryURL = Repository.root
    process.standardOutput = output
    process.standardError = errors
    let standardInput = Pipe()
    process.standardInput = standardInput
    try process.run()
    try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try standardInput.fileHandleForWriting.close()
    Thread { [errors, collected, errorText] in
      while case let data = errors.fileHandleForReading.availableData, !data.isEmpty {
        collected.add(String(decoding: data, as: UTF8.self))
      }
      errorText.set(collected.all.joined())
    }.start()
  }

  /// Standard error so far.
  var errorsSoFar: String { collected.all.joined() }

  /// Waits for a text on standard error; nil when the process exits without it.
  func waitForError(containing text: String) -> String? {
    _ = waitUntil { errorsSoFar.contains(text) || errorText.wait(timeoutSeconds: 0) != nil }
    return errorsSoFar.contains(text) ? errorsSoFar : nil
  }

  /// Waits for the process to exit.
  func finish() -> Result {
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, output: text, errors: errorText.wait() ?? errorsSoFar)
  }
}

func localInvoke(
  _ arguments: String..., environment: [String: String] = [:], input: String = "",
  bootstrap: URL? = nil
) throws -> CommandRun.Result {
  try CommandRun(arguments, environment: environment, input: input, bootstrap: bootstrap).finish()
}

/// A folder that is removed after the test.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "local-invoke-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }

  /// A shell script that replaces the function to inject faults.
  func script(_ text: String) throws -> URL {
    let file = url.appendingPathComponent("function.sh")
    try writeExecutable("#!/bin/bash\n\(text)\n", to: file.path)
    return file
  }

  func text(of name: String) -> String? {
    try? String(contentsOf: url.appendingPathComponent(name), encoding: .utf8)
  }
}

/// Shell commands that fetch one event from the Runtime API.
let takesOneEvent = """
  exec 3<>"/dev/tcp/${AWS_LAMBDA_RUNTIME_API%:*}/${AWS_LAMBDA_RUNTIME_API#*:}"
  printf 'GET /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n' >&3
  read -r line <&3
  """

/// Whether a process exists and is running; a zombie is not.
func isAlive(_ identifier: String?) -> Bool {
  let number = identifier?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
  guard let stat = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8) else {
    return false
  }
  return stat.split(separator: ")").last?.hasPrefix(" Z") == false
}
