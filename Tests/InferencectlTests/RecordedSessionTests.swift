import Foundation
import OperationsSupport
import TestSupport
import Testing

@testable import inferencectl

/// The terminal sessions of docs/operations-deploy.md, run against the scripted Lambda.
///
/// `RECORD_SESSIONS=1 swift test --filter RecordedSessionTests` writes them anew.
@Suite(.serialized) struct RecordedSessionTests {
  private static let page = SessionPage("docs/operations-deploy.md")
  private static let deploy = "deploy dist/bootstrap.zip --function-name photo-classifier"

  @Test func canary() throws {
    let session = try Session()
    session.type("\(Self.deploy) --canary 10%:5m")
    session.type("versions list --function-name photo-classifier")
    try compare(session, "canary")
  }

  @Test func automaticRollback() throws {
    let session = try Session()
    var bad = ScriptedTraffic(100)
    bad.errorsPerMinute = 7
    session.lambda.change { [bad] in $0.setTraffic(["5": .old(900), "6": bad]) }
    session.type("\(Self.deploy) --canary 10%:5m")
    session.type("alias show --function-name photo-classifier")
    session.type("\(Self.deploy) --canary 10%:5m")
    try compare(session, "automatic rollback")
  }

  @Test func quietFunction() throws {
    let session = try Session()
    session.lambda.change { $0.setTraffic(["5": .old(9), "6": ScriptedTraffic(1)]) }
    session.type("\(Self.deploy) --canary 10%:5m")
    session.type("alias show --function-name photo-classifier")
    try compare(session, "quiet")
  }

  @Test func rollback() throws {
    let session = try Session()
    session.type("alias rollback --function-name photo-classifier")
    session.type("alias rollback --function-name photo-classifier")
    session.lambda.change { $0.aliases["live"]?.version = "3" }
    session.remark("another tool moves the alias")
    session.type("alias rollback --function-name photo-classifier")
    session.type("alias rollback --to 4 --function-name photo-classifier")
    try compare(session, "rollback")
  }

  @Test func conflict() throws {
    let session = try Session()
    session.lambda.change { $0.moveShareDuringWatch() }
    session.type("\(Self.deploy) --canary 10%:5m")
    session.type("alias rollback --function-name photo-classifier")
    try compare(session, "conflict")
  }

  @Test func hangUp() throws {
    let session = try Session()
    try session.type("\(Self.deploy) --canary 10%:5m", hangUpAfter: "(10 %), for 5 min\n")
    session.type("alias show --function-name photo-classifier")
    try compare(session, "hang up")
  }

  private func compare(_ session: Session, _ name: String) throws {
    try Self.page.compare(session.text, name)
  }
}

/// A terminal session: commands with their output.
private final class Session {
  let lambda: ScriptedLambda
  private let folder: URL
  private(set) var text = ""

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "session-\(UUID().uuidString)/dist")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let zip = folder.appendingPathComponent("bootstrap.zip")
    var bytes = Data("PK\u{3}\u{4}".utf8)
    bytes.count = 40_000
    try bytes.write(to: zip)
    try Data("x86_64\n".utf8).write(to: URL(fileURLWithPath: zip.path + ".arch"))
    lambda = try ScriptedLambda { state in
      state.publish("3", codeSHA256: "2b8zYQ0kP5mT1cH7vR4sXw9eLqJdNfUaGiBoKtMyZ3E=")
      state.publish("4", codeSHA256: "ed2VXqGPH1iSnlYzRmyD3SxUPdo4iqkUa4bB2sFbZ2w=")
      state.publish("5", codeSHA256: "0Qx1hzHZ8iVJ6TFPVnPzZuYvSmMzqYpTgpVpVSs1mKk=")
      state.latest.codeSHA256 = "0Qx1hzHZ8iVJ6TFPVnPzZuYvSmMzqYpTgpVpVSs1mKk="
      state.aliases["live"] = .init("5", description: "Breeds [previous: 5←4]")
      state.provisioned["5"] = .init(3)
      state.setTraffic(["5": .old(900), "6": ScriptedTraffic(100)])
    }
  }

  deinit {
    // What is left of a test's folder does no harm.
    try? FileManager.default.removeItem(at: folder.deletingLastPathComponent())
  }

  private var environment: [String: String] {
    [
      "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
      "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example",
      "AWS_ENDPOINT_URL": lambda.baseURL, "AWS_REGION": "us-east-1",
    ]
  }

  private func arguments(_ command: String) -> [String] {
    command.split(separator: " ").map {
      $0.replacingOccurrences(of: "dist/", with: "\(folder.path)/")
    }
  }

  func remark(_ remark: String) { text += "# \(remark)\n" }

  func type(_ command: String) {
    let seen = Recorder<String>()
    // As a terminal shows it in the end: progress is overwritten.
    let console = Console(
      writeOutput: { seen.add($0) },
      writeError: { if !$0.hasPrefix("\r\u{1B}[K") { seen.add($0) } }, isTerminal: true)
    let status = Program.run(
      arguments(command), environment: environment, console: console, clock: makeClock().0)
    add(command, seen.all.joined(), status)
  }

  /// Runs the program as a process, and closes its terminal once it has printed this.
  func type(_ command: String, hangUpAfter words: String) throws {
    let process = Process()
    // Tests that nohup started ignore SIGHUP, and so would the program.
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["--default-signal=HUP", Repository.products.appendingPathComponent("inferencectl").path]
      + arguments(command)
    process.environment = environment
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    try pipe.fileHandleForWriting.close()
    var output = Data()
    var isConnected = true
    while case let data = pipe.fileHandleForReading.availableData, !data.isEmpty {
      output += data
      if isConnected, output.range(of: Data(words.utf8)) != nil {
        isConnected = false
        kill(process.processIdentifier, SIGHUP)
      }
    }
    process.waitUntilExit()
    add(
      "\(command)   # its terminal is closed meanwhile",
      Self.withoutProgress(String(decoding: output, as: UTF8.self)), process.terminationStatus)
  }

  /// How many of these lines there are depends on the machine's speed.
  private static func withoutProgress(_ output: String) -> String {
    let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.filter { !$0.contains(" to pass: ") && !$0.contains(" to be ") }
      .joined(separator: "\n")
  }

  private func add(_ command: String, _ output: String, _ status: Int32) {
    text += "$ inferencectl \(command)\n"
    text += output.replacingOccurrences(of: folder.path, with: "dist")
    if status != 0 { text += "$ echo $?\n\(status)\n" }
  }
}
