import Foundation
import OperationsSupport
import Platform
import TestSupport
import Testing

@testable import inferencectl

/// The terminal sessions of docs/endpoint-kinds.md, run against the scripted SageMaker.
///
/// `RECORD_SESSIONS=1 swift test --filter EndpointKindSessionTests` writes them anew.
@Suite(.serialized) struct EndpointKindSessionTests {
  private static let page = SessionPage("docs/endpoint-kinds.md")
  private static let create =
    "endpoint create --endpoint-name dogs --model-data s3://models/dogs/model.tar.gz "
    + "--role arn:aws:iam::111122223333:role/hosting"

  @Test func serverless() throws {
    let session = try KindSession()
    try session.type("\(Self.create) --serverless memory=2048,max=5")
    try session.type("endpoint show --endpoint-name dogs")
    try session.type("endpoint update --endpoint-name dogs --serverless max=20")
    try session.type("endpoint update --endpoint-name dogs --serverless provisioned=1")
    try session.type("endpoint autoscale --endpoint-name dogs --min 1 --max 4")
    try session.type("endpoint delete --endpoint-name dogs --yes")
    try Self.page.compare(session.text, "serverless")
  }

  @Test func asynchronous() throws {
    let session = try KindSession()
    let paths = "output=s3://dog-results/output,errors=s3://dog-results/failures"
    try session.type(
      "\(Self.create) --instance-type ml.g4dn.xlarge --async \(paths) --function-name photo-classifier"
    )
    try session.type("endpoint autoscale --endpoint-name dogs --min 0 --max 4")
    session.remark("at night, after an upload")
    session.account.change {
      $0.instances = 0
      $0.metrics = [
        "ApproximateBacklogSize": 1, "ApproximateAgeOfOldestRequest": 95,
        "HasBacklogWithoutCapacity": 1, "ExpiredRequests": 0,
      ]
    }
    try session.type("endpoint show --endpoint-name dogs")
    try session.type("endpoint delete --endpoint-name dogs --yes")
    try Self.page.compare(session.text, "asynchronous")
  }

  @Test func refusals() throws {
    let session = try KindSession()
    try session.type("\(Self.create) --serverless memory=2000,max=5")
    try session.type("\(Self.create) --serverless memory=2048,max=5,provisioned=6")
    try session.type("\(Self.create) --serverless memory=2048,max=5 --instance-type ml.m5.xlarge")
    try session.type(
      "\(Self.create) --serverless memory=2048,max=5 --subnet subnet-1 --security-group sg-1")
    try session.type("\(Self.create) --async output=s3://dog-results/output --instance-count 0")
    try session.type(
      "\(Self.create) --async output=s3://dog-photos/uploads/results --function-name photo-classifier"
    )
    try session.type("\(Self.create) --no-probe")
    try session.type("endpoint update --endpoint-name dogs --serverless max=20")
    try session.type("endpoint autoscale --endpoint-name dogs --min 0 --max 4")
    try Self.page.compare(session.text, "refusals")
  }

  @Test func costs() throws {
    let session = try KindSession()
    try session.type("endpoint estimate --images-per-day 10 1000 100000")
    try Self.page.compare(session.text, "costs")
  }
}

/// A terminal session: commands with their output.
private final class KindSession {
  let account: ScriptedSageMaker
  private(set) var text = ""
  /// A minute for each command, so that each makes names of its own.
  private var minutes: Int64 = 0

  init() throws { account = try ScriptedSageMaker() }

  func remark(_ remark: String) { text += "# \(remark)\n" }

  func type(_ command: String) throws {
    let labels = try TemporaryFile("")
    let seen = Recorder<String>()
    // As a terminal shows it in the end: progress is overwritten.
    let console = Console(
      writeOutput: { seen.add($0) },
      writeError: { if !$0.hasPrefix("\r\u{1B}[K") { seen.add($0) } }, isTerminal: true)
    var arguments = command.split(separator: " ").map(String.init)
    // Not into the working directory.
    if command.hasPrefix("endpoint create") { arguments += ["--labels", labels.path] }
    minutes += 1
    var clock = makeClock().0
    clock.unixMilliseconds = { [minutes, start = clock.unixMilliseconds] in
      start() + minutes * 60_000
    }
    let status = Program.run(
      arguments,
      environment: [
        "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example",
        "AWS_ENDPOINT_URL": account.baseURL, "AWS_REGION": "us-east-1",
      ], console: console, clock: clock)
    let name = URL(fileURLWithPath: labels.path).lastPathComponent
    text += "$ inferencectl \(command)\n"
    text += seen.all.joined().replacingOccurrences(of: labels.path, with: "labels.txt")
      .replacingOccurrences(of: name, with: "labels.txt")
    if status != 0 { text += "$ echo $?\n\(status)\n" }
  }
}
