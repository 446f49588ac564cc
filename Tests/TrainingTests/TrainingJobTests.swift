import AWSControl
import Archives
import Foundation
import JSON
import LoopbackServer
import OperationsSupport
import TestSupport
import Testing

@testable import Training

@Suite struct TrainingJobTests {
  /// Three photographs of each class, and an archive that is not one.
  private static let listing = ScriptedServer.Answer(
    200,
    body: "<ListBucketResult><IsTruncated>false</IsTruncated>"
      + (["cat", "dog"].flatMap { name in (1...3).map { ("\(name)/\($0).jpg", 5) } }
      + [("photographs.zip", 40_000_000_000)]).map {
        "<Contents><Key>dogs/\($0.0)</Key><Size>\($0.1)</Size></Contents>"
      }.joined() + "</ListBucketResult>")
  private var settings: JobSettings {
    JobSettings(
      data: S3Location(bucket: "photos", key: "dogs"),
      output: S3Location(bucket: "models", key: "out"), roleARN: "arn:aws:iam::1:role/r")
  }

  @Test func codeIsUploadedAndNamedForTheToolkit() throws {
    let fixture = try ControlFixture([Self.listing, .init(200)])
    let job = try settings.prepare(name: "job", with: fixture.client)
    let upload = fixture.requests[1]
    #expect(upload.method == "PUT")
    #expect(upload.target.hasPrefix("/models/out/code/"))
    #expect(upload.target.hasSuffix("/sourcedir.tar.gz"))
    let values = job.definition.hyperparameters
    #expect(values["sagemaker_program"] == "\"train.py\"")
    #expect(values["sagemaker_submit_directory"] == "\"\(job.codeURI)\"")
    #expect(values["architecture"] == "\"resnet50\"")
    #expect(values["epochs"] == "20")
  }

  private func names(_ archive: [UInt8]) throws -> Set<String> {
    Set(try Tar.contents(ofGzip: archive).sizes.keys)
  }

  @Test func archiveHasTheScriptAtItsTopAndInstallsNothing() throws {
    let archive = try TrainingScript.sourceArchive(for: .job)
    #expect(archive == (try TrainingScript.sourceArchive(for: .job)))
    let names = try names(archive)
    #expect(
      names.isSuperset(of: ["train.py", "inference.py", "layout.py", "layout-rules.json"]))
    #expect(!names.contains { $0.hasSuffix(".txt") })
  }

  @Test func onlyAJobWithInternetInstallsTheWeights() throws {
    let names = try names(try TrainingScript.sourceArchive(for: .jobWithInternet))
    #expect(names.filter { $0.hasSuffix(".txt") } == ["requirements.txt"])
    #expect(
      try self.names(try TrainingScript.sourceArchive(for: .machine))
        .contains("requirements-machine.txt"))
  }

  private func prepared(_ change: (inout JobSettings) -> Void) throws -> (
    job: PreparedJob, archive: Set<String>
  ) {
    let fixture = try ControlFixture([Self.listing, .init(200)])
    var settings = settings
    change(&settings)
    let job = try settings.prepare(name: "job", with: fixture.client)
    return (job, try names(fixture.requests[1].body))
  }

  @Test func requirementsAreSentOnlyWhereThePackageIsNeeded() throws {
    #expect(!(try prepared { _ in }.archive.contains("requirements.txt")))
    let lite = try prepared { $0.hyperparameters.architecture = .efficientnetLite0 }
    #expect(lite.archive.contains("requirements.txt"))
    let own = try prepared {
      $0.hyperparameters.architecture = .efficientnetLite0
      $0.weights = S3Location(bucket: "b", key: "lite0.pth")
    }
    #expect(!own.archive.contains("requirements.txt"))
  }

  @Test func isolatedContainerGetsItsCodeByAChannel() throws {
    let (job, archive) = try prepared {
      $0.isNetworkIsolated = true
      $0.weights = S3Location(bucket: "b", key: "resnet50.pth")
    }
    #expect(
      job.definition.hyperparameters["sagemaker_submit_directory"]
        == "\"/opt/ml/input/data/code/sourcedir.tar.gz\"")
    #expect(
      job.definition.channels.contains(.init(name: "code", uri: String(describing: job.codeURI))))
    #expect(job.definition.isNetworkIsolated == true)
    #expect(!archive.contains("requirements.txt"))
  }

  @Test func isolatedContainerWithoutWeightsIsRefusedBeforeAnythingIsSent() throws {
    let fixture = try ControlFixture([Self.listing])
    var settings = settings
    settings.isNetworkIsolated = true
    let refusal = #expect(throws: Refusal.self) {
      try settings.prepare(name: "job", with: fixture.client)
    }
    #expect(refusal?.advice.contains("--weights") == true)
    #expect(!fixture.requests.contains { $0.method == "PUT" })
  }

  @Test func volumeBeyondLocalDisksIsRefused() throws {
    let refusal = #expect(throws: Refusal.self) {
      try prepared { $0.volumeGigabytes = 200 }
    }
    #expect(refusal?.reason.contains("125 GB") == true)
    #expect(try prepared { $0.volumeGigabytes = 125 }.job.definition.volumeGigabytes == 125)
    let other = try prepared {
      $0.volumeGigabytes = 200
      $0.instanceType = "ml.p3.2xlarge"
    }
    #expect(other.job.definition.volumeGigabytes == 200)
  }

  @Test func dataThatNeedMoreThanTheLocalDisksAreRefusedToo() throws {
    let refusal = #expect(throws: Refusal.self) {
      try prepared { $0.instanceType = "ml.m5d.large" }
    }
    #expect(refusal?.reason.contains("75 GB") == true)
    #expect(refusal?.advice.contains("--volume-gb 75") == true)
    let smaller = try prepared {
      $0.instanceType = "ml.m5d.large"
      $0.volumeGigabytes = 75
    }
    #expect(smaller.job.definition.volumeGigabytes == 75)
  }

  @Test func validationAndTestPrefixesAreListedToo() throws {
    func page(_ keys: [String]) -> ScriptedServer.Answer {
      let contents = keys.map { "<Contents><Key>\($0)</Key><Size>3</Size></Contents>" }
      return .init(
        200,
        body:
          "<ListBucketResult><IsTruncated>false</IsTruncated>\(contents.joined())</ListBucketResult>"
      )
    }
    let fixture = try ControlFixture([
      Self.listing, page(["held/out/cat/9.jpg", "held/out/elk/9.jpg"]),
    ])
    var settings = settings
    settings.validation = S3Location(bucket: "photos", key: "held/out")
    let refusal = #expect(throws: Refusal.self) {
      try settings.prepare(name: "job", with: fixture.client)
    }
    #expect(refusal?.reason.contains("the channel validation") == true)
    #expect(refusal?.reason.contains("elk") == true)
    #expect(fixture.requests.count == 2)
  }

  @Test func programCopiedAloneNamesItsMissingFolder() {
    let alone = URL(fileURLWithPath: "/nowhere/inferencectl")
    let error = #expect(throws: TrainingError.self) {
      try TrainingScript.resource("code", besides: alone)
    }
    #expect(
      error?.problem.hasPrefix("/nowhere/sagemaker-image-inference_Training.resources/code") == true
    )
  }

  @Test func diskIsSizedAndTheImageIsTheRegionsForAGPU() throws {
    let fixture = try ControlFixture([Self.listing, .init(200)])
    let job = try settings.prepare(name: "job", with: fixture.client).definition
    #expect(job.volumeGigabytes == 101)
    #expect(
      job.image == "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.6.0-gpu-py312")
    #expect(job.checkpointURI == "s3://models/out/checkpoints/job")
    #expect(job.channels == [.init(name: "train", uri: "s3://photos/dogs/")])
    #expect(job.metrics.map(\.name).contains("validation:best-loss"))
  }

  @Test func metricDefinitionsFindTheNumbersOfALine() throws {
    let line = "epoch=3/20 validation_loss=0.412300 best_loss=0.401200 images_per_second=211.5"
    for (name, expected) in [("validation:loss", "0.412300"), ("validation:best-loss", "0.401200")]
    {
      let definition = try #require(
        try TrainingScript.metricDefinitions().first { $0.name == name })
      let match = try #require(try Regex(definition.regex).firstMatch(in: line))
      #expect(match.output[1].substring.map(String.init) == expected)
    }
  }

  @Test(arguments: [
    (
      "cn-north-1", "ml.m5.xlarge",
      "727897471807.dkr.ecr.cn-north-1.amazonaws.com.cn/pytorch-inference:2.6.0-cpu-py312"
    ),
    (
      "eu-south-1", "ml.g4dn.xlarge",
      "692866216735.dkr.ecr.eu-south-1.amazonaws.com/pytorch-inference:2.6.0-gpu-py312"
    ),
  ])
  func imagesOfOtherRegionsHaveOtherAccounts(region: String, type: String, uri: String) throws {
    #expect(try PyTorchImage.uri(.inference, region: region, instanceType: type) == uri)
  }

  @Test func regionWithoutAnImageRequiresOne() {
    let refusal = #expect(throws: Refusal.self) {
      try PyTorchImage.uri(.training, region: "mars-north-1", instanceType: "ml.m5.large")
    }
    #expect(refusal?.message.contains("--image") == true)
  }

  @Test func quotaErrorNamesTheQuota() throws {
    let fixture = try ControlFixture([
      .init(
        400,
        body: #"""
          {"__type":"ResourceLimitExceeded","message":"The account-level service limit 'ml.g4dn.xlarge for training job usage' is 0 Instances, with current utilization of 0 Instances and a request delta of 1 Instances."}
          """#)
    ])
    let definition = TrainingJobDefinition(
      image: "i", roleARN: "r", hyperparameters: [:], metrics: [], channels: [],
      outputURI: "s3://o",
      instanceType: "ml.g4dn.xlarge", volumeGigabytes: 30, maximumRuntimeSeconds: 60)
    let error = #expect(throws: (any Error).self) {
      try fixture.client.write(CreateTrainingJob(name: "j", definition: definition))
    }
    let text = "\(try #require(error))"
    #expect(text.contains("Request a higher quota \"ml.g4dn.xlarge for training job usage\""))
    #expect(text.contains("service-quotas"))
  }

  // MARK: Watching

  private static func job(_ status: String, _ secondary: String, _ more: String = "")
    -> ScriptedServer.Answer
  {
    .init(
      200,
      body: """
        {"TrainingJobName":"job","TrainingJobStatus":"\(status)","SecondaryStatus":"\(secondary)"\(more)}
        """)
  }
  private static let noGroup = ScriptedServer.Answer(
    400, body: #"{"__type":"ResourceNotFoundException","message":"no group"}"#)
  private static let streams = ScriptedServer.Answer(
    200, body: #"{"logStreams":[{"logStreamName":"job/algo-1-170"}]}"#)
  private static func lines(_ lines: [String], next: String) -> ScriptedServer.Answer {
    let events = lines.map { "{\"timestamp\":1,\"message\":\"\($0)\"}" }.joined(separator: ",")
    return .init(200, body: "{\"events\":[\(events)],\"nextForwardToken\":\"\(next)\"}")
  }

  @Test func logIsTailedUntilTheJobHasEnded() throws {
    let fixture = try ControlFixture([
      Self.job("InProgress", "Starting"), Self.noGroup,
      Self.job(
        "InProgress", "Training",
        #","FinalMetricDataList":[{"MetricName":"validation:loss","Value":0.41234,"Timestamp":1}]"#),
      Self.streams, Self.lines(["one", "two"], next: "f/1"), Self.lines([], next: "f/1"),
      Self.job("Completed", "Completed"), Self.streams, Self.lines(["three"], next: "f/2"),
      Self.lines([], next: "f/2"),
    ])
    var shown: [String] = []
    let states = Recorder<String>()
    let waiter = Waiter(clock: fixture.clock, onProgress: { _, state, _ in states.add(state) })
    let job = try TrainingWatch(onLine: { shown.append($0) }, onNote: { _ in })
      .follow("job", with: fixture.client, waiter: waiter)
    #expect(job.status == "Completed")
    #expect(shown == ["one", "two", "three"])
    #expect(states.all == ["Starting", "Training, validation:loss 0.412"])
    #expect(fixture.requests.count == 10)
  }

  @Test func deniedLogIsReportedOnceAndTheWaitContinues() throws {
    let denied = ScriptedServer.Answer(
      400, body: #"{"__type":"AccessDeniedException","message":"no logs for you"}"#)
    let fixture = try ControlFixture([
      Self.job("InProgress", "Training"), denied, Self.job("InProgress", "Training"),
      Self.job("Failed", "Failed", #","FailureReason":"AlgorithmError: exit code 1""#),
    ])
    var notes: [String] = []
    let job = try TrainingWatch(onLine: { _ in }, onNote: { notes.append($0) })
      .follow("job", with: fixture.client, waiter: Waiter(clock: fixture.clock))
    #expect(job.failureReason == "AlgorithmError: exit code 1")
    #expect(notes.count == 1)
    #expect(notes.first?.contains("logs:DescribeLogStreams") == true)
  }

  @Test func controlCLeavesTheJobAlone() throws {
    let fixture = try ControlFixture([Self.job("InProgress", "Training"), Self.noGroup])
    let waiter = Waiter(clock: fixture.clock, isInterrupted: { true })
    #expect(throws: Interrupted.self) {
      try TrainingWatch(onLine: { _ in }, onNote: { _ in })
        .follow("job", with: fixture.client, waiter: waiter)
    }
    #expect(!fixture.requests.contains { $0.header("X-Amz-Target")?.contains("Stop") == true })
  }
}
