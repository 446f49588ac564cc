import JSON
import OperationsSupport
import TestSupport
import Testing

@testable import inferencectl

@Suite struct EndpointKindCommandTests {
  private static let create = [
    "endpoint", "create", "--endpoint-name", "dogs", "--model-data", "s3://models/m/model.tar.gz",
    "--role", "arn:aws:iam::111122223333:role/r", "--no-labels",
  ]
  private static let paths = "output=s3://dog-results/output,errors=s3://dog-results/failures"

  private func run(_ account: ScriptedSageMaker, _ arguments: [String]) -> CommandRun {
    CommandRun(arguments, url: account.baseURL, clock: makeClock().0)
  }

  /// An account with an endpoint.
  private func account(_ arguments: String...) throws -> ScriptedSageMaker {
    let account = try ScriptedSageMaker()
    let run = run(account, Self.create + arguments)
    #expect(run.status == 0, "\(run.errors)")
    return account
  }

  private func update(_ arguments: String...) -> [String] {
    ["endpoint", "update", "--endpoint-name", "dogs"] + arguments
  }

  private static let wrong: [[String]] = [
    ["--serverless", "memory=2000,max=5"], ["--serverless", "memory=2048"],
    ["--serverless", "memory=2048,max=0"], ["--serverless", "memory=2048,max=5,provisioned=6"],
    ["--serverless", "memory=2048,max=5,max=6"], ["--serverless", "memory=2048,max=5,cpu=1"],
    ["--serverless", "memory=2048,max="], ["--serverless", "memory=two,max=5"],
    ["--serverless", "memory=2048,max=5", "--instance-type", "ml.m5.large"],
    ["--serverless", "memory=2048,max=5", "--instance-count", "1"],
    ["--serverless", "memory=2048,max=5", "--async", "output=s3://dog-results/o"],
    ["--async", "errors=s3://dog-results/e"], ["--async", "output=https://host/o"],
    ["--async", "output=s3://dog-results/o,topic-error=failed"],
    ["--async", "output=s3://dog-results/o,topic-error=arn:aws:sns:us-east-1:1:a.fifo"],
    ["--async", "output=s3://dog-results/o,max-per-instance=0"],
    ["--async", "output=s3://dog-results/o", "--instance-count", "0"],
    ["--function-name", "f"],
  ]

  @Test(arguments: wrong)
  func whatIsWrongInItselfIsStatus2BeforeAnyCall(arguments: [String]) throws {
    let account = try ScriptedSageMaker()
    let run = run(account, Self.create + arguments)
    #expect(run.status == 2)
    #expect(run.errors.hasPrefix("Error: "))
    #expect(account.calls.isEmpty)
  }

  @Test(arguments: [
    ["--backlog-per-instance", "5", "--max-rps", "3"], ["--target", "0.5", "--max-rps", "3"],
    ["--min", "0", "--max", "4", "--max-rps", "3"], ["--backlog-per-instance", "0"],
    ["--min", "0", "--max", "4", "--target", "0.7"], ["--target", "95%"],
  ])
  func autoscalingThatFitsNoKindIsStatus2(arguments: [String]) throws {
    let account = try ScriptedSageMaker()
    let run = run(account, ["endpoint", "autoscale", "--endpoint-name", "dogs"] + arguments)
    #expect(run.status == 2)
    #expect(account.calls.isEmpty)
  }

  @Test func asynchronousEndpointIsNotInvoked() throws {
    let account = try account("--async", Self.paths)
    #expect(!account.calls.contains("InvokeEndpoint"))
    let serverless = try self.account("--serverless", "memory=2048,max=5")
    #expect(serverless.calls.last == "InvokeEndpoint")
  }

  @Test func answersBelowTheFunctionsUploadsAreRefusedBeforeAnythingIsCreated() throws {
    let account = try ScriptedSageMaker()
    let run = run(
      account,
      Self.create + [
        "--async", "output=s3://dog-photos/uploads/o", "--function-name", "photo-classifier",
      ])
    #expect(run.status == 1)
    #expect(run.errors.contains("for ever"))
    #expect(account.calls == ["GetFunctionConfiguration"])
  }

  @Test func concurrencyIsOneCallAndAnotherMemoryAnotherConfiguration() throws {
    let account = try account("--serverless", "memory=2048,max=5")
    let dry = ["--dry-run", "--output", "json"]
    #expect(
      try plannedOperations(run(account, update("--serverless", "max=20") + dry))
        == ["UpdateEndpointWeightsAndCapacities dogs"])
    #expect(
      try plannedOperations(run(account, update("--serverless", "memory=4096") + dry)).map {
        String($0.split(separator: " ")[0])
      } == ["CreateEndpointConfig", "UpdateEndpoint"])
  }

  @Test func instancesForAServerlessEndpointAreConfirmed() throws {
    let account = try account("--serverless", "memory=2048,max=5")
    let refused = run(account, update("--instance-type", "ml.m5.xlarge"))
    #expect(refused.status == 1)
    #expect(refused.errors.contains("from which SageMaker does not return"))
    #expect(!account.calls.contains("UpdateEndpoint"))
    #expect(run(account, update("--instance-type", "ml.m5.xlarge", "--yes")).status == 0)
    #expect(account.calls.contains("UpdateEndpoint"))
  }

  @Test func showAsJSONHasKindQueueAndPaths() throws {
    let account = try account("--async", Self.paths)
    account.change { $0.metrics = ["ApproximateBacklogSize": 3, "InvocationFailures": 2] }
    let json = try JSONValue(
      parsing: run(account, ["endpoint", "show", "--endpoint-name", "dogs", "--output", "json"])
        .output)
    #expect(json["kind"] == "asynchronous")
    #expect(json["queue"]?["backlog"]?.doubleValue == 3)
    #expect(json["lastHour"]?["InvocationFailures"]?.doubleValue == 2)
    #expect(json["asynchronous"]?["failurePath"] == "s3://dog-results/failures")
  }

  @Test func scalingToZeroIsFourWritesAndItsEndThree() throws {
    let account = try account("--async", Self.paths)
    let autoscale = ["endpoint", "autoscale", "--endpoint-name", "dogs"]
    let dry = try plannedOperations(
      run(account, autoscale + ["--min", "0", "--max", "4", "--dry-run", "--output", "json"]))
    #expect(
      dry.map { String($0.split(separator: " ")[0]) } == [
        "RegisterScalableTarget", "PutScalingPolicy", "PutScalingPolicy", "PutMetricAlarm",
      ])
    #expect(run(account, autoscale + ["--min", "0", "--max", "4"]).status == 0)
    let before = account.calls.count
    let again = run(account, autoscale + ["--min", "0", "--max", "4"])
    #expect(again.output.contains("is already autoscaled"))
    #expect(account.calls[before...].allSatisfy { $0.hasPrefix("Describe") })
    let off = run(account, ["endpoint", "autoscale", "off", "--endpoint-name", "dogs"])
    #expect(off.output.contains("HasBacklogWithoutCapacity is deleted"))
  }

  @Test func estimateComparesTheKindsAsJSON() throws {
    let run = CommandRun([
      "endpoint", "estimate", "--images-per-day", "10", "100000", "--output", "json",
    ])
    let json = try JSONValue(parsing: run.output)
    let estimates = json["estimates"]?.arrayValue ?? []
    #expect(estimates.count == 8)
    #expect(estimates.first?["kind"] == "serverless")
    #expect(
      estimates.contains { $0["kind"] == "realtime" && $0["dollarsPerMonth"]?.doubleValue == 167.9 }
    )
  }

  @Test(arguments: [
    ["--images-per-day", "0"], ["--images-per-day", "10", "--instances", "2"],
    ["--images-per-day", "10", "--busy-hours", "25"],
    ["--images-per-day", "10", "--serverless", "memory=1,max=1"],
    ["--images-per-day", "10", "--serverless-seconds", "0"],
  ])
  func estimateThatCannotBeIsStatus2(arguments: [String]) {
    #expect(CommandRun(["endpoint", "estimate"] + arguments).status == 2)
  }
}
