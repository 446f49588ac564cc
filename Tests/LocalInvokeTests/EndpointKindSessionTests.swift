import Foundation
import TestSupport
import Testing

/// The sessions of docs/endpoint-kinds.md, `## On this machine`, compared with the program.
///
/// `RECORD_SESSIONS=1 swift test --filter EndpointKindSessionTests` writes them anew.
@Suite(.serialized) struct EndpointKindSessionTests {
  private static let page = Repository.root.appendingPathComponent("docs/endpoint-kinds.md")

  @Test func asynchronous() throws {
    try compare("asynchronous", "events/s3.json --endpoint-kind asynchronous")
  }

  @Test func failed() throws {
    try compare("failed inference", "events/s3.json --endpoint-kind asynchronous --async-fail 1")
  }

  @Test func lost() throws {
    try compare(
      "lost notification",
      "events/s3.json --endpoint-kind asynchronous --async-notifications lost")
  }

  @Test func serverless() throws {
    try compare(
      "serverless",
      "events/s3.json --endpoint-kind serverless --serverless-cold-start 500 --repeat 3")
  }

  private func compare(_ name: String, _ command: String) throws {
    let session = "$ local-invoke \(command)\n" + Self.shown(try Self.output(of: command))
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    let opening = "<!-- session local \(name) -->\n```\n"
    let start = try #require(text.range(of: opening), "no session local \(name)").upperBound
    let end = try #require(text.range(of: "```\n", range: start..<text.endIndex)).lowerBound
    guard ProcessInfo.processInfo.environment["RECORD_SESSIONS"] != nil else {
      #expect(session == text[start..<end])
      return
    }
    try text.replacingCharacters(in: start..<end, with: session)
      .write(to: Self.page, atomically: true, encoding: .utf8)
  }

  /// Both streams, in the order of a terminal.
  private static func output(of command: String) throws -> String {
    let process = Process()
    process.executableURL = Repository.products.appendingPathComponent("local-invoke")
    process.arguments = command.split(separator: " ").map(String.init)
    process.environment = [
      "METRICS": "off", "LOG_RESULTS": "off", "TOP_K": "2", "AWS_LAMBDA_LOG_LEVEL": "WARN",
    ]
    process.currentDirectoryURL = Repository.root
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    try pipe.fileHandleForWriting.close()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }

  /// Without Lambda's lines and all but two classes of a document; what differs between runs, and
  /// long values, are shortened.
  private static func shown(_ output: String) -> String {
    var lines: [String] = []
    var classCount = 0
    for line in output.split(separator: "\n") {
      classCount = line.hasPrefix("    {\"class\"") ? classCount + 1 : 0
      if classCount > 2 {
        if classCount == 3 { lines.append("    …") }
        continue
      }
      if ["START ", "END ", "REPORT "].contains(where: { line.hasPrefix($0) }) { continue }
      lines.append(shortened(String(line)))
    }
    return lines.map { "\($0)\n" }.joined()
  }

  private static func shortened(_ line: String) -> String {
    let named = line.replacing(/[0-9a-f]{8}-[0-9a-f-]{27}/, with: "UUID")
      .replacing(/\d{4}-\d\d-\d\dT[\d:.]+Z/, with: "TIME")
    let path = /(output|failures)\/([A-Za-z0-9_-]{6})[A-Za-z0-9_\/-]*\/UUID/
    return named.replacing(path) { "\($0.1)/\($0.2)…/UUID" }
      .replacing(/(\d\.\d{4})\d+/) { "\($0.1)" }
      .replacing(/[\d.]+ (ms|s|invocations\/s|MB)\b/) { "… \($0.1)" }
  }
}
