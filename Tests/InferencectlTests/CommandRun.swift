import Foundation
import JSON
import Platform
import TestSupport
import Testing

@testable import inferencectl

/// A run of `inferencectl` inside the test's process, its output collected.
struct CommandRun {
  let status: Int32
  let output: String
  let errors: String

  /// - Parameters:
  ///   - arguments: arguments after the program's name.
  ///   - url: endpoint of every service; nil leaves region and endpoint to `environment`.
  ///   - answer: what a person types at a prompt; nil without a terminal.
  init(
    _ arguments: [String], url: String? = nil, environment: [String: String] = [:],
    answer: String? = nil, clock: Clock = .system
  ) {
    let output = Recorder<String>()
    let errors = Recorder<String>()
    var console = Console(
      writeOutput: { output.add($0) }, writeError: { errors.add($0) }, isTerminal: false)
    if let answer { console.readAnswer = { answer } }
    var variables = [
      "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
      "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example",
      "AWS_EC2_METADATA_DISABLED": "true",
    ]
    if let url {
      variables["AWS_ENDPOINT_URL"] = url
      variables["AWS_REGION"] = "us-east-1"
    }
    status = Program.run(
      arguments, environment: variables.merging(environment) { $1 }, console: console, clock: clock)
    self.output = output.all.joined()
    self.errors = errors.all.joined()
  }
}

/// The operations of a dry run's plan, whose whole output has to be one JSON document.
func plannedOperations(_ run: CommandRun) throws -> [String] {
  #expect(run.status == 0, "\(run.errors)")
  let plan = try JSONValue(parsing: run.output)
  #expect(plan["dryRun"] == true)
  let writes = try #require(plan["writes"]?.arrayValue)
  for write in writes {
    #expect(write["method"]?.stringValue?.isEmpty == false)
    #expect(write["url"]?.stringValue?.hasPrefix("http://127.0.0.1:") == true)
    #expect(write["body"] != nil)
  }
  return writes.compactMap { $0["operation"]?.stringValue }
}
