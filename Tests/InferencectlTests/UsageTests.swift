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
