import Foundation
import JSON
import TestSupport
import Testing

/// The replay of an upload through an asynchronous endpoint: the answer to the upload, and the
/// answer to each notification of a result.
@Suite struct AsynchronousReplayTests {
  private static let key = "dog-photos/uploads/Schäferhund Rex.jpg"

  private func replay(
    _ arguments: String..., event: String = "events/s3.json", environment: [String: String] = [:]
  ) throws -> CommandRun.Result {
    try CommandRun(
      [event, "--endpoint-kind", "asynchronous"] + arguments, environment: environment
    ).finish()
  }

  private func answers(_ run: CommandRun.Result) throws -> [JSONValue] {
    try run.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
  }

  private func results(_ answer: JSONValue?) throws -> [JSONValue] {
    let body = try #require(answer?["body"]?.stringValue)
    return try JSONValue(parsing: body)["results"]?.arrayValue ?? []
  }

  /// The stored result documents of the uploaded photograph.
  private func documents(_ run: CommandRun.Result) -> Int {
    run.errors.components(separatedBy: "s3://local-results/\(Self.key).json\n{").count - 1
  }

  @Test(arguments: ["sns", "sqs", "s3"])
  func anUploadIsAcceptedAndItsResultComesBack(path: String) throws {
    let run = try replay("--async-results", path)
    #expect(run.status == 0, "\(run.errors)")
    let answers = try answers(run)
    #expect(answers.count == 2)
    #expect(answers.first?["statusCode"] == 202)
    let accepted = try #require(results(answers.first).first)
    let location = try #require(accepted["outputLocation"]?.stringValue)
    #expect(location.hasPrefix("s3://local-inference/output/"))
    #expect(
      run.errors.contains(
        "\(path.uppercased()): Completed s3://\(Self.key), stored at \(location)\n"),
      "\(run.errors)")
    if path != "sqs" {
      #expect(try results(answers.last).first?["class"] == "German shepherd")
    }
    #expect(run.errors.contains("\"class\": \"German shepherd\""), "\(run.errors)")
    #expect(documents(run) == 1)
    #expect(run.errors.components(separatedBy: "REPORT RequestId").count == 3)
  }

  @Test func theKindMayComeFromTheEnvironment() throws {
    let run = try localInvoke(
      "events/s3.json",
      environment: [
        "ENDPOINT_KIND": "asynchronous", "ASYNC_OUTPUT_PATH": "s3://mine/replies",
        "ASYNC_FAILURE_PATH": "s3://mine/errors",
      ])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("stored at s3://mine/replies/"), "\(run.errors)")
    #expect(documents(run) == 1)
  }

  @Test func eachImageOfAnEventHasItsResult() throws {
    let run = try replay(event: "events/s3-two-records.json")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try answers(run).count == 3)
    #expect(run.errors.components(separatedBy: "s3://local-results/").count == 3)
  }

  /// The first request is the one that fails; one image at a time, so that both are queued in their order.
  @Test(arguments: [("once", ["Failed", "Completed"]), ("reversed", ["Completed", "Failed"])])
  func reversedNotificationsArriveLastFirst(arrival: String, order: [String]) throws {
    let run = try replay(
      "--async-notifications", arrival, "--async-fail", "1", event: "events/s3-two-records.json",
      environment: ["MAX_PARALLEL": "1"])
    let notes = run.errors.split(separator: "\n").filter { $0.hasPrefix("SNS: ") }
    #expect(notes.map { String($0.split(separator: " ")[1]) } == order, "\(run.errors)")
  }

  @Test func aNotificationThatArrivesTwiceChangesNothing() throws {
    let run = try replay("--async-notifications", "twice")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try answers(run).count == 3)
    #expect(documents(run) == 1)
  }

  @Test func aLostNotificationLeavesTheReplyAndNoResult() throws {
    let run = try replay("--async-notifications", "lost")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try answers(run).count == 1)
    #expect(
      run.errors.contains(
        "The notification of s3://\(Self.key) is lost; its reply stays at s3://local-inference/output/"
      ), "\(run.errors)")
    #expect(run.errors.contains("\nNo result was stored.\n"))
  }

  @Test(arguments: ["1", "uploads/Schäferhund Rex.jpg"])
  func aFailedInferenceFailsTheInvocation(failing: String) throws {
    let run = try replay("--async-fail", failing)
    #expect(run.status == 1)
    let error = try #require(answers(run).last)
    #expect(error["errorType"] == "Endpoint.AsyncFailed")
    let message = try #require(error["errorMessage"]?.stringValue)
    #expect(message.contains("s3://\(Self.key)"), "\(message)")
    #expect(message.contains("Received server error (500) from model"), "\(message)")
    #expect(message.contains("for more information. The container's reply is in "), "\(message)")
    #expect(
      run.errors.contains("SNS: Failed s3://\(Self.key), stored at s3://local-inference/failures/"))
    #expect(run.errors.contains("\nNo result was stored.\n"))
  }

  @Test func onlyTheNamedRequestFails() throws {
    let run = try replay("--async-fail", "2", event: "events/s3-two-records.json")
    #expect(run.status == 1)
    #expect(run.errors.contains("SNS: Completed"))
    #expect(run.errors.components(separatedBy: "SNS: Failed").count == 2)
    #expect(run.errors.components(separatedBy: "s3://local-results/").count == 2)
  }

  @Test func repeatedUploadsAreAllAnswered() throws {
    let run = try replay("--repeat", "12", "--concurrency", "2")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("12 invocations, 0 failed"))
    #expect(run.errors.components(separatedBy: "SNS: Completed").count == 13)
    #expect(documents(run) == 1)
  }

  @Test func textSaysThatTheImageIsAccepted() throws {
    let run = try replay("--output", "text")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.hasPrefix("s3://\(Self.key): accepted as "), "\(run.output)")
    #expect(!run.output.contains("no image to classify"))
  }

  @Test func aResultOfAnImageInTheRequestIsNamedByItsInference() throws {
    let run = try replay(event: "events/http-api-image.json")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains(/\nrequest r[0-9a-f-]+\n/), "\(run.errors)")
    #expect(!run.errors.contains("s3:///"))
  }

  @Test func aDelayedResultIsWaitedFor() throws {
    let run = try replay("--async-delay", "300")
    #expect(run.status == 0, "\(run.errors)")
    #expect(documents(run) == 1)
  }

  @Test func nothingIsLeftBehind() throws {
    let folder = try TemporaryFolder()
    let run = try replay(environment: ["TMPDIR": folder.url.path])
    #expect(run.status == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
  }

  @Test func aServedUploadShowsItsResultWhenItComes() throws {
    let run = try CommandRun(
      ["--serve", "0", "--endpoint-kind", "asynchronous", "--async-delay", "100"])
    let text = try #require(run.waitForError(containing: "AWS_SESSION_TOKEN="))
    let port = try #require(
      text.firstMatch(of: /is available at http:\/\/127\.0\.0\.1:(\d+)\./).flatMap { UInt16($0.1) })
    let event = try String(
      contentsOf: Repository.root.appendingPathComponent("events/s3.json"), encoding: .utf8)
    let client = try RawClient(port: port)
    try client.send(
      "POST /2015-03-31/functions/function/invocations HTTP/1.1\r\nConnection: close\r\n"
        + "Content-Length: \(event.utf8.count)\r\n\r\n\(event)")
    let reply = try client.receiveToEnd().text
    #expect(reply.contains("\"statusCode\":202"), "\(reply)")
    #expect(run.waitForError(containing: "s3://local-results/\(Self.key).json\n{") != nil)
    kill(run.process.processIdentifier, SIGINT)
    #expect(run.finish().status == 0)
  }
}

@Suite struct ServerlessReplayTests {
  private func replay(
    _ arguments: String..., environment: [String: String] = [:]
  ) throws -> CommandRun.Result {
    try CommandRun(
      ["events/s3.json", "--endpoint-kind", "serverless"] + arguments, environment: environment
    ).finish()
  }

  @Test func theFirstRequestStartsCold() throws {
    let run = try replay("--serverless-cold-start", "200", "--repeat", "3")
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      run.errors.contains("Serverless endpoint: requests: 3, cold starts: 1, throttled: 0\n"),
      "\(run.errors)")
    let durations = run.errors.matches(of: /\tDuration: ([\d.]+) ms\t/).compactMap { Double($0.1) }
    #expect(durations.count == 3)
    #expect((durations.first ?? 0) >= 200)
  }

  @Test func aProvisionedEnvironmentDoesNot() throws {
    let run = try replay("--serverless-provisioned", "1")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("Serverless endpoint: requests: 1, cold starts: 0, throttled: 0\n"))
  }

  @Test func aThrottledRequestIsRepeatedUntilItSucceeds() throws {
    let run = try replay(
      "--serverless-cold-start", "2000", "--serverless-max-concurrency", "1", "--repeat", "2",
      "--concurrency", "2", environment: ["AWS_MAX_ATTEMPTS": "10"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("2 invocations, 0 failed"))
    #expect(run.errors.contains(/throttled: [1-9]/), "\(run.errors)")
    #expect(run.errors.contains("cold starts: 1,"), "\(run.errors)")
  }

  @Test func anImageAbove4MBIsRefusedBeforeTheCall() throws {
    let folder = try TemporaryFolder()
    let bucket = folder.url.appendingPathComponent("dog-photos")
    try FileManager.default.createDirectory(at: bucket, withIntermediateDirectories: true)
    try Data([0xFF, 0xD8, 0xFF] + [UInt8](repeating: 0, count: 4_194_302)).write(
      to: bucket.appendingPathComponent("large.jpg"))
    let run = try localInvoke(
      "-", "--endpoint-kind", "serverless", "--objects", folder.url.path,
      input: "{\"url\":\"s3://dog-photos/large.jpg\"}")
    #expect(run.status == 1)
    #expect(run.output.contains("serverless"), "\(run.output)")
    #expect(run.errors.contains("Serverless endpoint: requests: 0,"), "\(run.errors)")
  }

  /// The function warns when its timeout is too short for a cold start.
  @Test(arguments: [([], false), (["--timeout", "60"], true)])
  func theTimeoutAllowsForAColdStartUnlessItIsNamed(options: [String], warns: Bool) throws {
    let run = try CommandRun(
      ["events/s3.json", "--endpoint-kind", "serverless", "--serverless-cold-start", "0"] + options
    ).finish()
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("that is cold may take") == warns, "\(run.errors)")
  }
}

@Suite struct EndpointKindUsageTests {
  @Test(arguments: [
    ["--endpoint-kind", "edge"], ["--async-delay", "5"],
    ["--endpoint-kind", "serverless", "--async-fail", "1"],
    ["--endpoint-kind", "asynchronous", "--serverless-provisioned", "1"],
    ["--endpoint-kind", "asynchronous", "--async-notifications", "never"],
    ["--endpoint-kind", "asynchronous", "--async-results", "mail"],
    ["--endpoint-kind", "asynchronous", "--async-delay", "-1"],
    ["--endpoint-kind", "serverless", "--serverless-max-concurrency", "201"],
    ["--endpoint-kind", "serverless", "--serverless-provisioned", "6"],
    ["--endpoint-kind", "serverless", "--serverless-cold-start", "240001"],
    ["--endpoint-kind", "serverless", "--aws"],
  ])
  func wrongUsageIsStatus2AndSaysWhy(arguments: [String]) throws {
    let run = try CommandRun(["events/s3.json"] + arguments).finish()
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("Error: "), "\(run.errors)")
  }

  @Test func optionsOfTheKindMayFollowTheEnvironment() throws {
    let run = try localInvoke(
      "events/s3.json", "--async-fail", "1", environment: ["ENDPOINT_KIND": "asynchronous"])
    #expect(run.status == 1)
    #expect(run.errors.contains("SNS: Failed "), "\(run.errors)")
    let other = try localInvoke(
      "events/s3.json", "--endpoint-kind", "realtime", "--async-fail", "1",
      environment: ["ENDPOINT_KIND": "asynchronous"])
    #expect(other.status == 2)
  }

  @Test func aPathThatIsNotOneIsNamed() throws {
    let run = try localInvoke(
      "events/s3.json", "--endpoint-kind", "asynchronous",
      environment: ["ASYNC_OUTPUT_PATH": "results"])
    #expect(run.status == 2)
    #expect(run.errors.contains("ASYNC_OUTPUT_PATH must be s3://BUCKET/PREFIX, not results."))
  }

  @Test func aKindOnInstancesIsNamedToTheFunctionOnlyOnRequest() throws {
    let folder = try TemporaryFolder()
    let script = try folder.script("env -0 > \"$LAMBDA_TASK_ROOT/environment\"")
    for (options, isSet) in [([], false), (["--endpoint-kind", "realtime"], true)] {
      _ = try CommandRun(["events/s3.json"] + options, bootstrap: script).finish()
      let variables = (folder.text(of: "environment") ?? "").split(separator: "\0")
      #expect(variables.contains("ENDPOINT_KIND=realtime") == isSet)
    }
  }
}
