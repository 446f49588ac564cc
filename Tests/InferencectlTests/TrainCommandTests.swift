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
    body: "<ListBucketResult><IsTruncated>false</IsTruncated>"
      + ["cat", "dog"].flatMap { name in (1...3).map { "pets/\(name)/\($0).jpg" } }.map {
        "<Contents><Key>\($0)</Key><Size>5</Size></Contents>"
      }.joined() + "</ListBucketResult>")

  @Test(arguments: [
    ["train", "start", "--data", "photos", "--output-uri", "s3://m/o"],
    ["train", "start", "--data", "s3://m-1/o", "--output-uri", "s3://m-1/o/out"],
    ["train", "start", "--data", "s3://m-1", "--output-uri", "s3://m-1/out"],
    ["train", "start"] + job + ["--test-data", "s3://models"],
    ["train", "ec2", "--data", "s3://m-1/o/", "--output-uri", "s3://m-1/o"],
    ["train", "start"] + job + ["--max-wait-minutes", "5"],
    ["train", "start"] + job + [
      "--spot", "--max-runtime-minutes", "60", "--max-wait-minutes", "5",
    ],
    ["train", "start"] + job + ["--subnet", "s-1"],
    ["train", "start"] + job + ["--tag", "novalue"],
    ["train", "start"] + job + ["--name", "my_job"],
    ["tune", "start"] + job + ["--name", "my_search"],
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

  @Test func estimateOfTooManyPhotographsDoesNotCrash() {
    let run = CommandRun(
      ["train", "estimate", "--photographs", "\(Int.max)", "--epochs", "10000"],
      url: "http://127.0.0.1:9")
    #expect(run.status == 0, "\(run.errors)")
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
    #expect(run.errors.contains("layout: classes; 2 classes: cat, dog"))
    #expect(run.errors.contains("counts by name: 2 train, 2 validation, 2 test"))
  }

  @Test func dryRunOfALocalTrainingIsOneDocumentWithItsCommands() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "photographs-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["cat", "dog"].flatMap({ name in (1...3).map { "\(name)/\($0)" } }) {
      let file = folder.appendingPathComponent("\(name).jpg")
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("x".utf8).write(to: file)
    }
    for command in ["train", "tune"] {
      let run = CommandRun([
        command, "local", "--data", folder.path, "--python", "python3", "--dry-run", "--output",
        "json", "--output-dir", folder.appendingPathComponent("out").path,
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

  private func launch(_ more: [String], userData: String) throws -> String {
    let run = CommandRun(
      [
        "train", "ec2", "--data", "/photos", "--output-uri", "/out", "--code-uri", "/code",
        "--user-data", userData,
      ] + more)
    #expect(run.status == 0, "\(run.errors)")
    return run.output
  }

  /// The printed command as the shell reads it, with what AWS would get.
  @Test func printedLaunchCommandIsOneThatAShellReads() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "it's a folder \(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("user data.sh").path
    let text = try launch(["--volume-gb", "200"], userData: path)
    let lines = text.split(separator: "\n").filter { $0.hasPrefix("  ") }.joined(separator: "\n")
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", "aws() { printf '%s\\n' \"$@\"; }\n\(lines)"]
    let pipe = Pipe()
    shell.standardOutput = pipe
    try shell.run()
    let words = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      .split(separator: "\n").map(String.init)
    shell.waitUntilExit()
    #expect(words.contains("file://\(path)"))
    #expect(
      words.contains(
        "resolve:ssm:/aws/service/deeplearning/ami/x86_64/oss-nvidia-driver-gpu-pytorch-2.12-ubuntu-24.04/latest/ami-id"
      ))
    #expect(words.contains("HttpTokens=required,HttpPutResponseHopLimit=1"))
    #expect(words.contains { $0.contains("VolumeSize=200,") && $0.contains("Encrypted=true") })
    #expect(words.contains("terminate"))
  }

  @Test func smallMachineIsWarnedOf() throws {
    let file = try TemporaryFile("")
    #expect(
      try launch(["--instance-type", "t2.micro"], userData: file.path).contains(
        "t2.micro has 1 GB of memory"))
    #expect(!(try launch([], userData: file.path).contains("GB of memory")))
    #expect(
      try launch(["--instance-type", "g5g.xlarge"], userData: file.path).contains("/ami/arm64/"))
  }

  @Test func networkIsolationWithoutWeightsIsRefused() throws {
    let server = try ScriptedServer([Self.listing])
    let run = CommandRun(
      ["train", "start", "--network-isolation"] + Self.job, url: server.baseURL)
    #expect(run.status == 1)
    #expect(run.errors.contains("--weights"))
  }

  @Test func defaultBatchesOfASearchFitTheGPU() throws {
    let server = try ScriptedServer([Self.listing])
    let run = CommandRun(
      ["tune", "start", "--name", "t", "--dry-run", "--output", "json"] + Self.job,
      url: server.baseURL)
    #expect(run.status == 0)
    #expect(!run.output.contains("\"512\""))
    let frozen = CommandRun(
      ["tune", "start", "--name", "t", "--dry-run", "--freeze-backbone", "--output", "json"]
        + Self.job, url: try ScriptedServer([Self.listing]).baseURL)
    #expect(frozen.output.contains("\"512\""))
    let explicit = CommandRun(
      ["tune", "start", "--name", "t", "--dry-run", "--batch-sizes", "32...512"] + Self.job,
      url: try ScriptedServer([Self.listing]).baseURL)
    #expect(explicit.errors.contains("may not fit in the memory of ml.g4dn.xlarge"))
  }

  @Test func outputFolderThatIsAFileIsRefusedBeforePythonIsSearched() throws {
    let file = try TemporaryFile("")
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["cat", "dog"].flatMap({ name in (1...3).map { "\(name)/\($0).jpg" } }) {
      let url = folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("x".utf8).write(to: url)
    }
    for command in ["train", "tune"] {
      let run = CommandRun([
        command, "local", "--data", folder.path, "--output-dir", file.path, "--python",
        "/nowhere/python3",
      ])
      #expect(run.status == 1)
      #expect(run.errors.contains("\(file.path) is a file, not a folder"))
    }
    let run = CommandRun([
      "train", "local", "--data", folder.path, "--output-dir",
      folder.appendingPathComponent("out").path, "--report", "/nowhere/page.html", "--python",
      "/nowhere/python3",
    ])
    #expect(run.errors.contains("the folder /nowhere does not exist"))
  }
}
