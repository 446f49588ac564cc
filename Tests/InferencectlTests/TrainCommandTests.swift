import Foundation
import JSON
import OperationsSupport
import TestSupport
import Testing

@Suite struct TrainCommandTests {
  private static let job = [
    "--data", "s3://photos/pets", "--output-uri", "s3://models/out", "--role",
    "arn:aws:iam::1:role/r",
  ]
  private static let listing = ScriptedServer.Answer(
    200,
    body: """
      <ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>pets/cat/1.jpg</Key><Size>5</Size></Contents>
      <Contents><Key>pets/dog/1.jpg</Key><Size>5</Size></Contents></ListBucketResult>
      """)

  @Test(arguments: [
    ["train", "start", "--data", "photos", "--output-uri", "s3://m/o"],
    ["train", "start"] + job + ["--max-wait-minutes", "5"],
    ["train", "start"] + job + [
      "--spot", "--max-runtime-minutes", "60", "--max-wait-minutes", "5",
    ],
    ["train", "start"] + job + ["--subnet", "s-1"],
    ["train", "start"] + job + ["--tag", "novalue"],
    ["train", "estimate"], ["train", "estimate", "--photographs", "5", "--images-per-second", "x"],
    ["tune", "start"] + job + ["--jobs", "2", "--parallel", "3"],
    ["tune", "start"] + job + ["--learning-rates", "0.1...0.001"],
    ["tune", "best", "t", "--deploy"],
    ["endpoint", "create", "--endpoint-name", "a_b", "--model-data", "s3://m/k"],
    ["endpoint", "create", "--endpoint-name", "a"],
    ["endpoint", "update", "--endpoint-name", "a"],
    ["endpoint", "update", "--endpoint-name", "a", "--instance-count", "2", "--canary", "60"],
    ["endpoint", "estimate", "--instances", "1", "--peak-per-second", "2"],
  ])
  func wrongUsageIsStatus2(arguments: [String]) {
    let run = CommandRun(arguments, url: "http://127.0.0.1:9")
    #expect(run.status == 2, "\(run.errors)")
    #expect(run.output.isEmpty)
  }

  @Test func missingRoleIsExplained() throws {
    let run = CommandRun(
      ["train", "start", "--data", "s3://photos/p", "--output-uri", "s3://models/o"],
      url: "http://127.0.0.1:9")
    #expect(run.status == 2)
    #expect(run.errors.contains("--role is missing"))
  }

  @Test func dryRunShowsTheCodeAndTheJobAndWritesNeither() throws {
    let server = try ScriptedServer([Self.listing])
    let run = CommandRun(
      ["train", "start", "--dry-run", "--name", "j"] + Self.job, url: server.baseURL)
    #expect(run.status == 0)
    #expect(run.output.contains("would send PutObject s3://models/out/code/"))
    #expect(run.output.contains("would send CreateTrainingJob j"))
    #expect(server.requests.count == 1)
  }

  @Test(arguments: [
    (
      ["train", "start", "--name", "j"] + Self.job,
      ["PutObject", "CreateTrainingJob"]
    ),
    (["tune", "start", "--name", "t"] + Self.job, ["PutObject", "CreateHyperParameterTuningJob"]),
  ])
  func dryRunAsJSONIsOneDocumentWithTheWrites(arguments: [String], operations: [String]) throws {
    let server = try ScriptedServer([Self.listing])
    let run = CommandRun(arguments + ["--dry-run", "--output", "json"], url: server.baseURL)
    #expect(
      try plannedOperations(run).map { String($0.split(separator: " ")[0]) } == operations)
    #expect(run.errors.contains("2 photographs in 2 classes"))
  }

  @Test func dryRunOfALocalTrainingIsOneDocumentWithItsCommands() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "photographs-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["cat", "dog"] {
      let file = folder.appendingPathComponent("\(name)/1.jpg")
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("x".utf8).write(to: file)
    }
    for command in ["train", "tune"] {
      let run = CommandRun([
        command, "local", "--data", folder.path, "--python", "python3", "--dry-run", "--output",
        "json",
      ])
      #expect(try plannedOperations(run) == [])
      let commands = try JSONValue(parsing: run.output)["commands"]?.arrayValue
      #expect(commands?.first?.stringValue?.contains("train.py") == true)
      #expect(commands?.count == (command == "train" ? 1 : 10))
    }
  }

  @Test func failedJobIsStatus1WithItsReason() throws {
    let server = try ScriptedServer([
      .init(
        200,
        body: """
          {"TrainingJobName":"j","TrainingJobStatus":"Failed","SecondaryStatus":"Failed",
          "FailureReason":"AlgorithmError: only one class"}
          """), .init(400, body: #"{"__type":"ResourceNotFoundException","message":"no log"}"#),
    ])
    let run = CommandRun(
      ["train", "show", "j", "--follow"], url: server.baseURL, clock: makeClock().0)
    #expect(run.status == 1)
    #expect(run.output.contains("AlgorithmError: only one class"))
    #expect(run.errors.contains("Training job j is Failed"))
  }

  @Test func stopAsksFirst() throws {
    let server = try ScriptedServer([
      .init(200, body: #"{"TrainingJobName":"j","TrainingJobStatus":"InProgress"}"#)
    ])
    let run = CommandRun(["train", "stop", "j"], url: server.baseURL, answer: "n")
    #expect(run.status == 1)
    #expect(server.requests.count == 1)
  }

  @Test func trialsAreShownBestFirstWithPlots() throws {
    func trial(_ name: String, _ rate: String, _ loss: Double) -> String {
      """
      {"TrainingJobName":"\(name)","TrainingJobStatus":"Completed","TunedHyperParameters":{"learning-rate":"\(rate)",
      "batch-size":"64"},"FinalHyperParameterTuningJobObjectiveMetric":{"MetricName":"m","Value":\(loss)}}
      """
    }
    let server = try ScriptedServer([
      .init(
        200,
        body: """
          {"HyperParameterTuningJobName":"t","HyperParameterTuningJobStatus":"InProgress","HyperParameterTuningJobConfig":
          {"HyperParameterTuningJobObjective":{"Type":"Minimize","MetricName":"m"},"ResourceLimits":
          {"MaxNumberOfTrainingJobs":6}},"TrainingJobStatusCounters":{"Completed":2,"InProgress":1}}
          """),
      .init(
        200,
        body: "{\"TrainingJobSummaries\":[\(trial("a", "0.001", 0.9)),\(trial("b", "0.05", 0.25))]}"
      ),
    ])
    let run = CommandRun(["tune", "show", "t"], url: server.baseURL)
    #expect(run.status == 0)
    let lines = run.output.split(separator: "\n")
    #expect(lines[1].hasPrefix("b      Completed  0.05           64          0.25"))
    #expect(lines[2].hasPrefix("a "))
    #expect(run.output.contains("learning-rate (logarithmic)"))
    #expect(
      run.errors.contains("InProgress: 2 completed, 1 running, 0 stopped early, 0 failed of 6"))
  }

  @Test func estimatesNeedNoAccount() throws {
    let run = CommandRun(
      [
        "train", "estimate", "--photographs", "1000", "--output", "json", "--images-per-second",
        "50",
      ])
    #expect(run.status == 0)
    let json = try JSONValue(parsing: run.output)
    #expect(json["estimates"]?[0]?["measured"] == true)
    #expect(CommandRun(["endpoint", "estimate"]).status == 0)
  }

  @Test func userDataIsWrittenToTheGivenFile() throws {
    let file = try TemporaryFile("")
    let run = CommandRun([
      "train", "ec2", "--data", "/photos", "--output-uri", "/out", "--code-uri", "/code",
      "--user-data", file.path,
    ])
    #expect(run.status == 0)
    let script = try String(contentsOfFile: file.path, encoding: .utf8)
    #expect(script.contains("export DATA_URI='/photos'"))
  }
}
