import Foundation
import OperationsSupport
import TestSupport
import Testing

@testable import inferencectl

/// The terminal sessions of docs/operations-deploy.md, run against the scripted Lambda.
///
/// `RECORD_SESSIONS=1 swift test --filter RecordedSessionTests` writes them anew.
@Suite(.serialized) struct RecordedSessionTests {
  private static let page = Repository.root.appendingPathComponent("docs/operations-deploy.md")

  @Test(arguments: ["canary", "rollback"])
  func sessionInTheDocsIsTheProgramsOutput(name: String) throws {
    let session = try Session(failing: name == "rollback")
    session.type("deploy dist/bootstrap.zip --function-name photo-classifier --canary 10%:5m")
    session.type("versions list --function-name photo-classifier")
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    let opening = "<!-- session \(name) -->\n```\n"
    let start = try #require(text.range(of: opening)).upperBound
    let end = try #require(text.range(of: "```\n", range: start..<text.endIndex)).lowerBound
    guard ProcessInfo.processInfo.environment["RECORD_SESSIONS"] != nil else {
      #expect(session.text == text[start..<end])
      return
    }
    try text.replacingCharacters(in: start..<end, with: session.text)
      .write(to: Self.page, atomically: true, encoding: .utf8)
  }

  /// A terminal session: commands with their output.
  private final class Session {
    private let lambda: ScriptedLambda
    private let folder: URL
    private(set) var text = ""

    init(failing: Bool) throws {
      folder = FileManager.default.temporaryDirectory.appendingPathComponent(
        "session-\(UUID().uuidString)/dist")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let zip = folder.appendingPathComponent("bootstrap.zip")
      var bytes = Data("PK\u{3}\u{4}".utf8)
      bytes.count = 40_000
      try bytes.write(to: zip)
      try Data("x86_64\n".utf8).write(to: URL(fileURLWithPath: zip.path + ".arch"))
      lambda = try ScriptedLambda { state in
        state.publish("4", codeSHA256: "ed2VXqGPH1iSnlYzRmyD3SxUPdo4iqkUa4bB2sFbZ2w=")
        state.publish("5", codeSHA256: "0Qx1hzHZ8iVJ6TFPVnPzZuYvSmMzqYpTgpVpVSs1mKk=")
        state.latest.codeSHA256 = "0Qx1hzHZ8iVJ6TFPVnPzZuYvSmMzqYpTgpVpVSs1mKk="
        state.aliases["live"] = .init("5", description: "[previous: 4]")
        state.provisioned["5"] = .init(3)
        state.metrics = { question, _ in
          Self.metrics(question, failing: failing)
        }
      }
    }

    deinit {
      // What is left of a test's folder does no harm.
      try? FileManager.default.removeItem(at: folder.deletingLastPathComponent())
    }

    /// One point a minute: 24 invocations of the new version; failing, some in the third minute.
    private static func metrics(
      _ question: ScriptedLambda.MetricQuestion, failing: Bool
    ) -> [Double] {
      let minutes = Int(question.end - question.start) / 60
      let isNew = question.dimensions["ExecutedVersion"] == "6"
      switch question.name {
      case "Invocations": return Array(repeating: 24, count: minutes)
      case "Errors" where failing && isNew && minutes > 2: return [7]
      case "Duration": return Array(repeating: isNew ? 187 : 191, count: minutes)
      default: return []
      }
    }

    func type(_ command: String) {
      let seen = Recorder<String>()
      // As a terminal shows it in the end: progress is overwritten.
      let console = Console(
        writeOutput: { seen.add($0) },
        writeError: { if !$0.hasPrefix("\r\u{1B}[K") { seen.add($0) } }, isTerminal: true)
      let path = folder.path
      let status = Program.run(
        command.split(separator: " ").map {
          $0.replacingOccurrences(of: "dist/", with: "\(path)/")
        },
        environment: [
          "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
          "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example",
          "AWS_ENDPOINT_URL": lambda.baseURL, "AWS_REGION": "us-east-1",
        ], console: console, clock: makeClock().0)
      let output = seen.all.joined().replacingOccurrences(of: path, with: "dist")
      text += "$ inferencectl \(command)\n\(output)"
      if status != 0 { text += "$ echo $?\n\(status)\n" }
    }
  }
}
