import Foundation
import JSON
import OperationsSupport
import TestSupport
import Testing

/// `inferencectl` as a process whose standard streams fail: a lost result is status 1 after the
/// work is done, a lost note is nothing.
@Suite struct OutputTests {
  private let lambda: ScriptedLambda

  init() throws {
    lambda = try ScriptedLambda { state in
      for number in 1...6 { state.publish("\(number)", codeSHA256: "code-\(number)") }
      state.latest.codeSHA256 = "code-6"
      state.aliases["live"] = .init("5", description: "Breeds [previous: 5←4]")
    }
  }

  /// - Parameter redirection: of the shell, for example `>/dev/full`.
  private func run(
    _ command: String, _ redirection: String, outputIsClosedPipe: Bool = false
  ) throws -> ShellRun {
    try ShellRun(
      "exec \"$0\" \(command) \(redirection)", program: "inferencectl",
      environment: [
        "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example",
        "AWS_ENDPOINT_URL": lambda.baseURL, "AWS_REGION": "us-east-1", "TMPDIR": "/tmp",
      ], outputIsClosedPipe: outputIsClosedPipe)
  }

  private static let point = "alias point --to 6 --function-name photo-classifier"

  @Test(arguments: [
    (">/dev/full", false, "No space left on device"), (">&-", false, "Bad file descriptor"),
    ("", true, "Broken pipe"),
  ])
  func lostResultIsStatus1AfterTheWorkIsDone(
    redirection: String, outputIsClosedPipe: Bool, reason: String
  ) throws {
    let run = try run(Self.point, redirection, outputIsClosedPipe: outputIsClosedPipe)
    #expect(run.reason == .exit)
    #expect(run.status == 1)
    #expect(
      run.errors.hasSuffix(
        "Error: The result could not be written to standard output: \(reason). The command itself was "
          + "carried out\n"))
    #expect(lambda.state.aliases["live"]?.version == "6")
  }

  @Test func lostPlanOfADryRunIsStatus1AndNothingWasChanged() throws {
    let run = try run(Self.point + " --dry-run", ">/dev/full")
    #expect(run.reason == .exit)
    #expect(run.status == 1)
    #expect(run.errors.hasSuffix("No space left on device. Nothing was changed\n"))
    #expect(lambda.state.aliases["live"]?.version == "5")
  }

  @Test func lostHelpIsStatus1() throws {
    let run = try run("--help", ">/dev/full")
    #expect(run.reason == .exit)
    #expect(run.status == 1)
    #expect(run.errors.contains("No space left on device"))
  }

  @Test(arguments: ["2>&-", "2>/dev/full"])
  func lostNotesNeverEndARollout(redirection: String) throws {
    let zip = try TemporaryFile("PK\u{3}\u{4} new code")
    let run = try run(
      "deploy \(zip.path) --function-name photo-classifier --canary 10%:1s --no-watch --output json",
      redirection)
    #expect(run.reason == .exit)
    #expect(run.status == 0)
    #expect(try JSONValue(parsing: run.output)["version"] == "7")
    #expect(lambda.state.aliases["live"]?.version == "7")
  }

  @Test func nothingThatIsPrintedGoesIntoTheConnection() throws {
    // Without a guard the socket to AWS would get the number of the closed stream.
    let run = try run(Self.point, ">&- 2>&-")
    #expect(run.reason == .exit)
    #expect(run.status == 1)
    #expect(lambda.state.aliases["live"]?.version == "6")
  }
}
