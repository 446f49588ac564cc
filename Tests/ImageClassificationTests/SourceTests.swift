import Foundation
import JSON
import LoopbackServer
import TestSupport
import Testing

/// One of the events for `local-invoke`.
private func event(_ name: String) throws -> String {
  let url = Repository.root.appendingPathComponent("events/\(name).json")
  return String(decoding: try Data(contentsOf: url), as: UTF8.self)
}

private let missing = Answer(404, body: "<Error><Code>NoSuchKey</Code></Error>")
private let busy = Answer(503, body: "<Error><Code>SlowDown</Code></Error>")

@Suite struct NotificationTests {
  @Test(arguments: ["s3", "s3-two-records", "sns", "eventbridge", "removed"])
  func anEventOfAServiceGetsTheAnswerOfANotification(name: String) throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let (status, body) = try fixture.answer(try event(name))
    #expect(status == 200)
    let count = ["s3-two-records": 2, "removed": 0][name] ?? 1
    #expect(body["results"]?.arrayValue?.count == count)
  }

  @Test(arguments: ["s3", "sns", "eventbridge"])
  func aFailedImageFailsTheInvocationSoThatLambdaTriesAgain(name: String) throws {
    let fixture = try Fixture(s3: [missing])
    defer { fixture.stop() }
    let error = try fixture.failure(try event(name))
    #expect(error.errorType == "S3.NoSuchKey")
    #expect(error.message.hasSuffix("[a retry will not help]"))
  }

  @Test func aReasonThatMayPassIsSaidToBeOne() throws {
    let fixture = try Fixture(s3: [busy], environment: ["AWS_MAX_ATTEMPTS": "1"])
    defer { fixture.stop() }
    #expect(try fixture.failure(notification("a")).message.hasSuffix("[a retry may help]"))
  }

  @Test func oneBadRecordDoesNotDisturbTheOthers() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let error = try fixture.failure(notification("good-1.jpg", "bad%ZZ", "good-2.jpg"))
    #expect(error.message.hasPrefix("1 of 3 images failed: "))
    #expect(error.errorType == "Event.MalformedKey")
    #expect(fixture.endpoint.requests.count == 2, "the good ones were classified")
  }
}

@Suite struct QueueTests {
  private func failedMessages(_ fixture: Fixture, _ event: String) throws -> [String] {
    guard case .answer(let answer) = fixture.say(event) else { throw Fixture.Unexpected() }
    #expect(answer.objectValue?.members.map(\.key) == ["batchItemFailures"])
    return answer["batchItemFailures"]?.arrayValue?.compactMap {
      $0["itemIdentifier"]?.stringValue
    } ?? []
  }

  @Test(arguments: ["sqs", "sqs-two-messages", "sqs-test-event", "sns-in-sqs"])
  func messagesThatSucceedDoNotReturnToTheQueue(name: String) throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    #expect(try failedMessages(fixture, event(name)) == [])
  }

  @Test func onlyTheMessagesThatFailedReturnToTheQueue() throws {
    func message(_ id: String, _ body: String) -> String {
      let text = String(decoding: JSONValue.string(body).serialized(), as: UTF8.self)
      return #"{"messageId":"\#(id)","eventSource":"aws:sqs","body":\#(text)}"#
    }
    let messages = [
      message("good", notification("a.jpg")), message("broken", "not json"),
      message("half", notification("b.jpg", "bad%ZZ")),
      message("test", #"{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"photos"}"#),
    ]
    let fixture = try Fixture()
    defer { fixture.stop() }
    let failed = try failedMessages(
      fixture, #"{"Records":[\#(messages.joined(separator: ","))]}"#)
    #expect(failed == ["broken", "half"])
    #expect(fixture.endpoint.requests.count == 2)
    #expect(fixture.lines.all.contains { $0.contains("message broken: Event.") })
  }

  @Test(arguments: [
    // In a FIFO queue, the later messages of the group also return, including those without an
    // image.
    ("photos.fifo", ["a1", "a2", "a3", "b2"]),
    // A group of a standard queue affects fairness, not order.
    ("photos", ["a1", "b2"]),
  ])
  func behindAFailedMessageOfAFIFOQueueItsGroupReturnsInOrder(
    queue: String, expected: [String]
  ) throws {
    let body = { (text: String) in
      String(decoding: JSONValue.string(text).serialized(), as: UTF8.self)
    }
    let test = #"{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"photos"}"#
    let messages = [
      ("a0", notification("good.jpg")), ("a1", notification("bad%ZZ")),
      ("b1", notification("b.jpg")),
      ("a2", notification("good.jpg")), ("a3", test), ("b2", "not json"),
      ("c1", notification("c.jpg")),
    ].map { id, text in
      #"{"messageId":"\#(id)","body":\#(body(text)),"eventSource":"aws:sqs","#
        + #""eventSourceARN":"arn:aws:sqs:us-east-1:123456789012:\#(queue)","#
        + #""attributes":{"MessageGroupId":"\#(id.prefix(1))","SequenceNumber":"1"}}"#
    }
    let fixture = try Fixture()
    defer { fixture.stop() }
    let failed = try failedMessages(
      fixture, #"{"Records":[\#(messages.joined(separator: ","))]}"#)
    #expect(failed == expected)
    let behind = fixture.lines.all.filter {
      $0.contains("because an earlier message of its group failed")
    }
    #expect(behind.count == expected.count - 2)
  }

  @Test func everyTaskOfABatchJobGetsItsResultCode() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    guard case .answer(let answer) = fixture.say(try event("s3-batch-1")) else {
      throw Fixture.Unexpected()
    }
    #expect(answer["invocationSchemaVersion"] == "1.0")
    #expect(answer["results"]?[0]?["resultCode"] == "Succeeded")
  }

  @Test(arguments: [(404, "PermanentFailure"), (503, "TemporaryFailure")])
  func aFailedTaskIsTriedAgainOnlyWhenThatCanHelp(status: Int, code: String) throws {
    let fixture = try Fixture(
      s3: [status == 404 ? missing : busy], environment: ["AWS_MAX_ATTEMPTS": "1"])
    defer { fixture.stop() }
    guard case .answer(let answer) = fixture.say(try event("s3-batch-2")) else {
      throw Fixture.Unexpected()
    }
    #expect(answer["results"]?[0]?["resultCode"]?.stringValue == code)
  }
}

@Suite struct HTTPEventTests {
  private func answer(_ fixture: Fixture, _ event: String) throws -> JSONValue {
    guard case .answer(let answer) = fixture.say(event) else { throw Fixture.Unexpected() }
    return answer
  }

  @Test(arguments: ["http-api-image", "rest-api-image"])
  func anUploadedImageGoesToTheEndpointAsItCame(name: String) throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let answer = try answer(fixture, try event(name))
    #expect(answer["statusCode"] == 200)
    let request = try #require(fixture.endpoint.requests.first)
    #expect(request.header("Content-Type") == "image/jpeg")
    #expect(request.body.starts(with: [0xFF, 0xD8, 0xFF]))
    #expect(fixture.s3.requests.isEmpty)
  }

  @Test func aReferenceInAJSONBodyIsRead() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    #expect(try answer(fixture, try event("function-url-json"))["statusCode"] == 200)
    #expect(fixture.s3.requests.count == 1)
  }

  @Test func optionsAreAnsweredWithoutACall() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    #expect(try answer(fixture, try event("function-url-options"))["statusCode"] == 204)
    #expect(fixture.endpoint.requests.isEmpty)
  }

  private func request(
    _ method: String, type: String = "application/json", body: String? = "{}"
  ) -> String {
    let text = body.map { String(decoding: JSONValue.string($0).serialized(), as: UTF8.self) }
    return #"{"version":"2.0","rawPath":"/","headers":{"content-type":"\#(type)"},"#
      + #""requestContext":{"http":{"method":"\#(method)","path":"/"}},"isBase64Encoded":false"#
      + (text.map { #","body":\#($0)"# } ?? "") + "}"
  }

  @Test(arguments: [
    ("GET", "application/json", "{}", 405), ("POST", "text/html", "x", 415),
    ("POST", "application/json", "not json", 400), ("POST", "application/json", "{}", 400),
    ("POST", "application/json", #"{"url":"https://example.com/a.jpg"}"#, 403),
  ])
  func aBadRequestGetsAStatusAndAReason(
    method: String, type: String, body: String, status: Int64
  ) throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let answer = try answer(fixture, request(method, type: type, body: body))
    #expect(answer["statusCode"]?.int64Value == status)
    let reason = try JSONValue(parsing: answer["body"]?.stringValue ?? "")
    #expect(reason["error"]?["message"]?.stringValue?.isEmpty == false)
    #expect(fixture.endpoint.requests.isEmpty)
  }

  @Test func aURLIsTakenWhereTheConfigurationAllowsIt() throws {
    let fixture = try Fixture(environment: ["ALLOW_URL_INPUT": "1"])
    defer { fixture.stop() }
    let body = #"{"url":"https://example.com/a.jpg"}"#
    #expect(try answer(fixture, request("POST", body: body))["statusCode"] == 200)
  }

  @Test func anUploadOverTheLimitIsRefused() throws {
    let fixture = try Fixture(environment: ["MAX_IMAGE_BYTES": "1000"])
    defer { fixture.stop() }
    #expect(try answer(fixture, try event("http-api-image"))["statusCode"] == 413)
    #expect(fixture.endpoint.requests.isEmpty)
  }

  @Test func aLargeAnswerIsCompressedForAClientThatTakesIt() throws {
    let values = (0..<133).map { "-\($0)" }.joined(separator: ",")
    let fixture = try Fixture(endpoint: [Answer(200, body: "[[\(values)]]")])
    defer { fixture.stop() }
    let event = try event("http-api-image").replacingOccurrences(
      of: #""headers": {"#, with: #""headers": {"accept-encoding": "br, gzip","#)
    let answer = try answer(fixture, event)
    #expect(answer["isBase64Encoded"] == true)
    #expect(answer["headers"]?["Content-Encoding"] == "gzip")
    let text = try #require(answer["body"]?.stringValue)
    let compressed = try #require(Data(base64Encoded: text))
    #expect(compressed.starts(with: [0x1F, 0x8B]))
    #expect(compressed.count < 4_000)
  }
}

@Suite struct TogetherTests {
  @Test(arguments: [(nil, 8), ("3", 3)])
  func imagesAreOnTheirWayTogetherUpToTheLimit(setting: String?, limit: Int) throws {
    let inFlight = Recorder<Int>()
    let counter = Counter()
    let gate = Barrier(count: limit)
    let server = try LoopbackServer { _, connection in
      inFlight.add(counter.change(by: 1))
      // The first requests wait for each other: with fewer at a time, the test would not pass.
      gate.wait()
      _ = counter.change(by: -1)
      try connection.send(status: 200, body: [0xFF, 0xD8, 0xFF])
    }
    defer { server.stop() }
    var environment = ["AWS_ENDPOINT_URL_S3": server.baseURL]
    environment["MAX_PARALLEL"] = setting
    let fixture = try Fixture(environment: environment)
    defer { fixture.stop() }
    let keys = (0..<20).map { #"{"s3":{"bucket":{"name":"photos"},"object":{"key":"k\#($0)"}}}"# }
    let body = try fixture.answer(#"{"Records":[\#(keys.joined(separator: ","))]}"#).body
    #expect(body["results"]?.arrayValue?.count == 20)
    #expect(inFlight.all.max() == limit)
  }

  private final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var value = 0
    func change(by delta: Int) -> Int {
      lock.withLock {
        value += delta
        return value
      }
    }
  }

  @Test func theAnswerCanBeLimitedToTheFirstClasses() throws {
    let fixture = try Fixture(environment: ["TOP_K": "2"])
    defer { fixture.stop() }
    let result = try fixture.answer(notification("a")).body["results"]?[0]
    #expect(result?["probabilities"]?.arrayValue?.count == 2)
  }
}

@Suite struct MetricsTests {
  private func metrics(_ lines: [String]) -> [JSONValue] {
    lines.compactMap { try? JSONValue(parsing: $0.trimmingCharacters(in: .newlines)) }
      .filter { $0["_aws"] != nil }
  }

  @Test func anInvocationLeavesOneLineOfMetrics() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    _ = try fixture.failure(notification("a.jpg", "bad%ZZ", "b.jpg"))
    let line = try #require(metrics(fixture.lines.all).first)
    #expect(metrics(fixture.lines.all).count == 1)
    #expect(line["Endpoint"] == "dog-breeds")
    #expect(line["Images"] == 3)
    #expect(line["Failures"] == 1)
    #expect(line["Failures.Event.MalformedKey"] == 1)
    #expect(line["ImageBytes"] == [4, 4])
    #expect(line["TopProbability"]?.arrayValue?.count == 2)
    let directive = line["_aws"]?["CloudWatchMetrics"]?[0]
    #expect(directive?["Dimensions"] == [["Endpoint"]])
    let names = directive?["Metrics"]?.arrayValue?.compactMap { $0["Name"]?.stringValue } ?? []
    #expect(names.allSatisfy { line[$0] != nil }, "every metric has its value")
    #expect(names.contains("S3Milliseconds") && names.contains("EndpointMilliseconds"))
  }

  @Test func triesThatWereRepeatedAreCounted() throws {
    let fixture = try Fixture(endpoint: [Answer(503), Fixture.threeValues])
    defer { fixture.stop() }
    _ = try fixture.answer(notification("a"))
    #expect(metrics(fixture.lines.all).first?["Retries"] == 1)
  }

  @Test func metricsCanBeTurnedOff() throws {
    let fixture = try Fixture(environment: ["METRICS": "off"])
    defer { fixture.stop() }
    _ = try fixture.answer(notification("a"))
    #expect(metrics(fixture.lines.all).isEmpty)
  }

  @Test func anEventWithoutImagesLeavesNone() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    _ = try fixture.answer(notification("gone", event: "ObjectRemoved:Delete"))
    #expect(metrics(fixture.lines.all).isEmpty)
  }
}
