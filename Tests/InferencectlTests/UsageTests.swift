import Foundation
import Platform
import TestSupport
import Testing

@Suite struct UsageTests {
  @Test(arguments: [
    ["--bogus"], ["versions", "list"], ["versions", "list", "--function-name"],
    ["versions", "list", "--function-name", "f", "--output", "xml"],
    ["versions", "list", "--function-name", "f", "--endpoint-url", "localhost"],
  ])
  func wrongUsageIsStatus2WithAReason(arguments: [String]) {
    let run = CommandRun(arguments)
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("Error: "))
  }

  @Test(arguments: [
    ["alias", "show", "--function-name", ""], ["alias", "show", "--function-name="],
    ["concurrency", "provision", "5", "--function-name", "f", "--qualifier", ""],
    ["endpoint", "show", "--endpoint-name", ""], ["identity", "--region", ""],
    ["versions", "list", "--function-name", "f", "--profile="],
  ])
  func emptyValueIsStatus2AndSendsNothing(arguments: [String]) throws {
    let server = try ScriptedServer([.init(404)])
    let run = CommandRun(arguments, url: server.baseURL)
    let option = arguments.last { $0.hasPrefix("--") }?.split(separator: "=").first ?? ""
    #expect(run.status == 2)
    #expect(
      run.errors.hasPrefix("Error: \(option) is empty. If its value is that of a variable, set it.")
    )
    #expect(server.requests.isEmpty)
  }

  @Test func unknownTimeZoneIsStatus2AndSendsNothing() throws {
    let server = try ScriptedServer([.init(404)])
    let run = CommandRun(
      [
        "endpoint", "autoscale", "dogs", "--min", "1", "--max", "2", "--schedule",
        "cron(0 20 * * ? *)", "--timezone", "Europe/Berlim",
      ], url: server.baseURL)
    #expect(run.status == 2)
    #expect(run.errors.contains("Europe/Berlim"), "\(run.errors)")
    #expect(server.requests.isEmpty)
  }

  @Test func emptyArgumentBehindTheTerminatorIsNoOption() {
    let run = CommandRun(["plan", "--rate", "0.1", "--", "--rate="])
    #expect(!run.errors.contains("--rate is empty"))
  }

  @Test func missingRegionIsStatus2() {
    let run = CommandRun(["versions", "list", "--function-name", "f"])
    #expect(run.status == 2)
    #expect(run.errors.contains("--region"))
  }

  @Test func whatAWSRefusesIsStatus1WithItsWords() throws {
    let server = try ScriptedServer([
      .init(404, [("x-amzn-ErrorType", "ResourceNotFoundException")], body: #"{"Message":"no f"}"#)
    ])
    let run = CommandRun(["versions", "list", "--function-name", "f"], url: server.baseURL)
    #expect(run.status == 1)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("ListVersionsByFunction f: ResourceNotFoundException: no f"))
  }

  @Test(arguments: [["--help"], ["versions"], ["--generate-completion-script", "bash"]])
  func helpAndCompletionsGoToStandardOutput(arguments: [String]) {
    let run = CommandRun(arguments)
    #expect(run.status == 0)
    #expect(run.output.contains("inferencectl"))
    #expect(run.errors.isEmpty)
  }

  @Test func versionIsTheProducts() {
    let run = CommandRun(["--version"])
    #expect(run.status == 0)
    #expect(run.output == "inferencectl \(Product.version)\n")
    #expect(run.errors.isEmpty)
  }

  @Test func processEndsWithTheStatus() throws {
    let process = Process()
    process.executableURL = Repository.products.appendingPathComponent("inferencectl")
    process.arguments = ["versions", "list"]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 2)
  }
}
