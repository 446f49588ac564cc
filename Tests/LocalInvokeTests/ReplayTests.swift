import Foundation
import JSON
import LocalAWS
import LoopbackServer
import SigV4
import TestSupport
import Testing

@Suite struct ReplayTests {
  private func results(_ output: String) throws -> [JSONValue] {
    let answer = try JSONValue(parsing: output)
    return try JSONValue(parsing: answer["body"]?.stringValue ?? "")["results"]?.arrayValue ?? []
  }

  @Test func anS3EventGivesEveryClassesProbability() throws {
    let run = try localInvoke("events/s3.json")
    #expect(run.status == 0, "\(run.errors)")
    let result = try #require(try results(run.output).first)
    #expect(result["class"] == "German shepherd")
    #expect((result["probability"]?.doubleValue ?? 0) >= 0.9)
    let probabilities = (result["probabilities"]?.arrayValue ?? []).compactMap {
      $0["probability"]?.doubleValue
    }
    #expect(probabilities.count == 118)
    #expect(abs(probabilities.reduce(0, +) - 1) < 1e-9)
  }

  @Test func standardErrorHasLambdasLinesAndTheFiveMostProbableClasses() throws {
    let errors = try localInvoke("events/s3.json", "--memory", "256").errors
    let lines = errors.split(separator: "\n")
    #expect(
      lines.contains {
        $0.wholeMatch(of: /START RequestId: [0-9a-f-]{36} Version: \$LATEST/) != nil
      })
    #expect(lines.contains { $0.wholeMatch(of: /END RequestId: [0-9a-f-]{36}/) != nil })
    let report =
      /REPORT RequestId: [0-9a-f-]{36}\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\tMax Memory Used: [1-9]\d* MB\tInit Duration: [\d.]+ ms\t/
    #expect(lines.contains { $0.wholeMatch(of: report) != nil }, "\(errors)")
    #expect(lines.contains { $0.contains("German shepherd") && $0.contains("█") })
    #expect(lines.filter { $0.contains(" % ") }.count == 5)
  }

  @Test(arguments: [
    ("s3-two-records", 2), ("s3-test-event", 0), ("test-url", 1), ("test-key", 1), ("sns", 1),
    ("eventbridge", 1), ("removed", 0), ("rest-api-image", 1),
  ])
  func theOtherEventsSucceedToo(name: String, count: Int) throws {
    let run = try localInvoke("events/\(name).json")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try results(run.output).count == count)
  }

  @Test(arguments: ["http-api-image", "function-url-json"])
  func theChartOfACompressedAnswerIsDrawn(name: String) throws {
    let run = try localInvoke(
      "events/\(name).json", environment: ["ALLOW_OBJECT_INPUT": "1"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(try JSONValue(parsing: run.output)["isBase64Encoded"] == true)
    #expect(run.errors.split(separator: "\n").filter { $0.contains(" % ") }.count == 5)
    #expect(!run.errors.contains("s3:///"))
  }

  @Test(arguments: [
    "s3-batch-1", "s3-batch-2", "sqs", "sqs-two-messages", "sqs-test-event", "sns-in-sqs",
    "function-url-options",
  ])
  func theAnswerOfAnotherShapeIsASuccess(name: String) throws {
    let run = try localInvoke("events/\(name).json")
    #expect(run.status == 0, "\(run.errors)")
    _ = try JSONValue(parsing: run.output)
    #expect(!run.errors.contains("returns to its queue"))
    #expect(run.errors.contains("Succeeded: ") == name.hasPrefix("s3-batch"))
  }

  @Test func theOnlyMessageThatFailsReturnsToItsQueueAndIsStatus1() throws {
    let event = try String(
      contentsOf: Repository.root.appendingPathComponent("events/sqs.json"), encoding: .utf8)
    let identifier = try #require(event.firstMatch(of: /"messageId": "([^"]+)"/)).1
    let run = try localInvoke(
      "-", input: event.replacingOccurrences(of: "Sch%C3%A4ferhund", with: "Pudel"))
    #expect(run.status == 1, "\(run.errors)")
    #expect(run.output.contains(identifier))
    #expect(run.errors.contains("Message \(identifier) returns to its queue.\n"))
  }

  @Test func theEventMayComeFromStandardInput() throws {
    let run = try localInvoke("-", input: "{\"url\":\"s3://dog-photos/uploads/mixed-breed.jpg\"}")
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test func theObjectsOfAnotherFolderAreUsed() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(
      at: Repository.root.appendingPathComponent("events/objects/dog-photos/uploads"),
      to: folder.url.appendingPathComponent("bucket"))
    let run = try localInvoke(
      "-", "--objects", folder.url.path, input: "{\"url\":\"s3://bucket/mixed-breed.jpg\"}")
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test(arguments: [
    "{\"key1\":\"value1\"}", "not json", "{\"Records\":[]}",
    "{\"url\":\"s3://dog-photos/none.jpg\"}",
  ])
  func aFailedInvocationIsStatus1AndItsErrorTheAnswer(event: String) throws {
    let run = try localInvoke("-", input: event)
    #expect(run.status == 1, "\(run.errors)")
    let answer = try JSONValue(parsing: run.output)
    #expect(answer["errorType"] != nil || (answer["statusCode"]?.int64Value ?? 0) >= 400)
  }

  @Test func manyRepetitionsAreSummedUp() throws {
    let run = try localInvoke("events/s3-test-event.json", "--repeat", "25")
    #expect(run.status == 0)
    #expect(!run.errors.contains("REPORT"))
    let summary =
      /25 invocations, 0 failed; Duration: p50 [\d.]+ ms, p90 [\d.]+ ms, p99 [\d.]+ ms; Init Duration: [\d.]+ ms; Max Memory Used: \d+ MB\n/
    #expect(run.errors.contains(summary), "\(run.errors)")
    _ = try JSONValue(parsing: run.output)
  }

  @Test func fewRepetitionsAreShownOneByOneAndUseOneProcess() throws {
    let errors = try localInvoke("events/s3-test-event.json", "--repeat", "3").errors
    #expect(errors.components(separatedBy: "REPORT RequestId").count == 4)
    #expect(
      errors.components(separatedBy: "ms\tInit Duration").count
        + errors.components(separatedBy: "MB\tInit Duration").count == 3)
  }

  @Test func anInitErrorIsTheAnswer() throws {
    let run = try localInvoke("events/s3.json", environment: ["MODEL_OUTPUT": "nonsense"])
    #expect(run.status == 1)
    #expect(
      try JSONValue(parsing: run.output)["errorMessage"]?.stringValue?.contains("MODEL_OUTPUT")
        == true)
  }
}

@Suite struct ServiceChoiceTests {
  @Test func aContainerOfOnesOwnClassifies() throws {
    let container = try LoopbackServer { request, connection in
      if request.target == "/ping" {
        return try connection.send(status: 200, headers: [], body: [])
      }
      #expect(request.target == "/invocations")
      try connection.send(
        status: 200, headers: [("Content-Type", "application/json")],
        body: Array("[[-0.5, 1.5]]".utf8))
    }
    defer { container.stop() }
    let folder = try TemporaryFolder()
    let labels = folder.url.appendingPathComponent("labels.txt")
    try Data("cat\ndog\n".utf8).write(to: labels)
    let run = try localInvoke(
      "events/s3.json", "--container", container.baseURL, "--labels", labels.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("dog   88.08 %"), "\(run.errors)")
    // Without labels the built-in model's names are not used for another container.
    let plain = try localInvoke("events/s3.json", "--container", container.baseURL)
    #expect(plain.errors.contains("1   88.08 %"), "\(plain.errors)")
  }

  @Test(
    arguments: [
      (404, "text/plain", "/ping answers 404: a SageMaker container has /ping and /invocations"),
      (200, "text/html; charset=utf-8", "a web page: another server listens there"),
      (503, "text/plain", "/ping answers 503: the container is not ready"),
      (302, "text/plain", "/ping answers 302; a container that is ready answers 200"),
    ] as [(Int, String, String)])
  func containerThatIsNotReadyIsDescribedInOneLine(
    status: Int, type: String, words: String
  ) throws {
    let container = try LoopbackServer { request, connection in
      #expect(request.target == "/ping")
      try connection.send(status: status, headers: [("Content-Type", type)], body: [])
    }
    defer { container.stop() }
    let run = try localInvoke("events/s3.json", "--container", container.baseURL)
    #expect(run.status == 1)
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("Error: \(container.baseURL)/ping answers"))
    #expect(run.errors.contains(words), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1)
  }

  @Test func containerThatIsNotThereIsDescribedInOneLine() throws {
    let port = try ReservedPort()
    let url = "http://127.0.0.1:\(port.number)"
    let run = try localInvoke("events/s3.json", "--container", url)
    #expect(run.status == 1)
    #expect(
      run.errors
        == "Error: Nothing listens at \(url). Start the container, or correct --container.\n")
  }

  @Test func containersOwnErrorRefersToItsOutputInsteadOfCloudWatch() throws {
    let container = try LoopbackServer { request, connection in
      let status = request.target == "/ping" ? 200 : 415
      try connection.send(status: status, headers: [], body: Array("no JPEG".utf8))
    }
    defer { container.stop() }
    let run = try localInvoke("events/test-key.json", "--container", container.baseURL)
    #expect(run.status == 1)
    #expect(run.output.contains("no JPEG"))
    #expect(run.output.contains("See the output of the container at \(container.baseURL)"))
    #expect(!run.output.lowercased().contains("cloudwatch"))
  }

  @Test func awsFindsProfileRegionAndEndpointInTheSharedFiles() throws {
    let keys = AWSCredentials(accessKeyID: "AKIAPROFILE", secretAccessKey: "profile's")
    var configuration = LocalAWS.Configuration(
      objectsFolder: Repository.root.appendingPathComponent("events/objects"), credentials: [keys],
      model: FixedReplyModel(json: "[[3, -1, 2]]"))
    configuration.region = "eu-central-1"
    configuration.endpointName = "mine"
    let aws = try LocalAWS(configuration: configuration)
    defer { aws.stop() }
    let folder = try TemporaryFolder()
    let config = folder.url.appendingPathComponent("config")
    try Data(
      """
      [profile dev]
      region = eu-central-1
      aws_access_key_id = AKIAPROFILE
      aws_secret_access_key = profile's
      services = local
      [services local]
      s3 =
        endpoint_url = \(aws.s3BaseURL)
      sagemaker_runtime =
        endpoint_url = \(aws.sageMakerBaseURL)
      """.utf8
    ).write(to: config)
    let run = try localInvoke(
      "--aws", "events/test-url.json", "--profile", "dev",
      environment: [
        "AWS_CONFIG_FILE": config.path, "ENDPOINT_NAME": "mine",
        "AWS_EC2_METADATA_DISABLED": "true",
      ])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("mine"))
    #expect(run.errors.contains("Credentials: profile \"dev\""))
    #expect(!run.errors.contains("profile's"))
  }

  @Test func urlOfTheWebIsNotFetchedOffline() throws {
    let run = try localInvoke(
      "-", "--offline", input: #"{"url":"https://example.com/dog.jpg"}"#)
    #expect(run.status == 1)
    #expect(run.output.contains("The URL was not fetched because of --offline."))
    #expect(!run.output.contains("urllib"))
  }

  @Test func photographIsNotUploadedToAnAccountOfAWS() throws {
    let run = try localInvoke(
      "--aws", "events/objects/dog-photos/uploads/mixed-breed.jpg",
      environment: ["ENDPOINT_NAME": "mine"])
    #expect(run.status == 2)
    #expect(run.errors.contains("aws s3 cp"))
  }

  @Test func awsGetsTheCallersCredentialsAndEndpoint() throws {
    let keys = AWSCredentials(
      accessKeyID: "ASIACALLER", secretAccessKey: "caller's", sessionToken: "token")
    var configuration = LocalAWS.Configuration(
      objectsFolder: Repository.root.appendingPathComponent("events/objects"), credentials: [keys],
      model: FixedReplyModel(json: "[[3, -1, 2]]"))
    configuration.region = "eu-central-1"
    configuration.endpointName = "mine"
    let aws = try LocalAWS(configuration: configuration)
    defer { aws.stop() }
    let run = try localInvoke(
      "--aws", "events/test-url.json",
      environment: [
        "AWS_ACCESS_KEY_ID": "ASIACALLER", "AWS_SECRET_ACCESS_KEY": "caller's",
        "AWS_SESSION_TOKEN": "token",
        "AWS_REGION": "eu-central-1", "ENDPOINT_NAME": "mine", "AWS_ENDPOINT_URL_S3": aws.s3BaseURL,
        "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": aws.sageMakerBaseURL,
      ])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("mine"))
  }
}
