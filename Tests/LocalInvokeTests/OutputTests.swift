import Foundation
import JSON
import RuntimeEmulator
import TestSupport
import Testing

@testable import local_invoke

/// `local-invoke` as a process whose standard streams fail, and text that others chose.
@Suite struct OutputTests {
  /// - Parameter redirection: of the shell, for example `>/dev/full`.
  private func run(_ arguments: String, _ redirection: String) throws -> ShellRun {
    try ShellRun("exec \"$0\" \(arguments) \(redirection)", program: "local-invoke")
  }

  @Test(arguments: [
    ("events/s3.json", ">/dev/full", "No space left on device"),
    ("events/s3.json", ">&-", "Bad file descriptor"),
    ("--help", ">/dev/full", "No space left on device"),
  ])
  func lostAnswerIsStatus1(arguments: String, redirection: String, reason: String) throws {
    let run = try run(arguments, redirection)
    #expect(run.reason == .exit)
    #expect(run.status == 1)
    #expect(
      run.errors.contains(
        "Error: The answer could not be written to standard output: \(reason)\n"))
  }

  @Test(arguments: ["2>&-", "2>/dev/full"])
  func lostLogChangesNothing(redirection: String) throws {
    let run = try run("events/s3.json", redirection)
    #expect(run.reason == .exit)
    #expect(run.status == 0)
    #expect(try JSONValue(parsing: run.output)["statusCode"] == 200)
  }

  @Test func keyCannotForgeALineOfTheChart() throws {
    let body: JSONValue = [
      "results": [
        [
          "source": ["bucket": "b", "key": "\u{1B}]0;x\u{7}\ns3://b/other"],
          "probabilities": [["class": "dog\n\u{202E}cat", "probability": 1]],
        ]
      ]
    ]
    let answer: JSONValue = [
      "statusCode": 200, "body": .string(String(decoding: body.serialized(), as: UTF8.self)),
    ]
    let chart = try #require(BarChart.charts(of: answer.serialized()).first)
    #expect(chart.split(separator: "\n").count == 2)
    #expect(chart.hasPrefix(#"s3://b/\x1b]0;x\x07\ns3://b/other"# + "\n"))
    #expect(chart.contains(#"  dog\n\u202ecat  100.00 %"#))
  }
}
