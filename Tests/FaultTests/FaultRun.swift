import Foundation
import TestSupport

/// Runs the real bootstrap process through ten events of a faulty Runtime API.
struct FaultRun {
  let outcomes: String
  let exitStatus: Int32?
  let log: [String]
  let seconds: Double
  let processorMilliseconds: Int
  /// A spinning process exceeds it. Sanitizers execute ten times the instructions
  /// (`.ci/checks/sanitizers.sh`).
  static let processorLimitMilliseconds =
    ProcessInfo.processInfo.environment["SANITIZER"] == nil ? 1_000 : 10_000

  /// Whether all calls of the server had returned before its record was read.
  let isRecordComplete: Bool
  /// All posts about the third event.
  let thirdPosts: [TenEvents.Post]

  init(_ fault: Fault) throws {
    let server = try TenEvents(fault)
    defer { server.stop() }
    let start = Date()
    let process = try BootstrapProcess(
      environment: [
        "AWS_LAMBDA_RUNTIME_API": server.address, "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
        "ENDPOINT_NAME": "dog-breeds", "AWS_LAMBDA_LOG_LEVEL": "WARN",
      ].merging(fault.environment) { $1 })
    defer { process.stop() }
    if fault.exitStatus == nil {
      _ = server.isDone(timeoutSeconds: 60)
      // Still running, and waiting for the eleventh event.
      exitStatus = process.waitForExit(timeoutSeconds: 0)
    } else {
      exitStatus = process.waitForExit(timeoutSeconds: 60)
    }
    seconds = Date().timeIntervalSince(start)
    process.stop()
    isRecordComplete = server.stop()
    processorMilliseconds = process.processorMilliseconds ?? .max
    outcomes = server.outcomes
    thirdPosts = server.posts(about: 3)
    log = process.log.map(Self.essence)
  }

  /// "LEVEL message" without libcurl's text, which differs between versions.
  static func essence(_ line: String) -> String {
    let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
    guard parts.count >= 4 else { return line }
    let message = parts[3...].joined(separator: "\t")
    for end in [
      "/invocation/next failed", "not delivered; retrying", "could not be delivered",
      "Event.Unknown", "a value is missing at byte 0", "is incomplete",
    ] {
      if let range = message.range(of: end) { return parts[2] + " " + message[..<range.upperBound] }
    }
    return parts[2] + " " + message
  }

  /// A row of the table in docs/faults.md.
  func row(_ fault: Fault) -> String {
    let process = exitStatus.map { "exit \($0)" } ?? "continues"
    let lines = log.isEmpty ? "–" : log.map { "`\($0)`" }.joined(separator: "<br>")
    return "| \(fault.name) | \(outcomes) | \(process) | \(lines) |"
  }
}
