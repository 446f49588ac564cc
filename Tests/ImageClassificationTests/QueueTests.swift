import JSON
import TestSupport
import Testing

private let missing = Answer(404, body: "<Error><Code>NoSuchKey</Code></Error>")
private let busy = Answer(503, body: "<Error><Code>SlowDown</Code></Error>")

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
    let messages = [
      ("good", notification("a.jpg")), ("broken", "not json"),
      ("half", notification("b.jpg", "bad%ZZ")),
      ("test", #"{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"photos"}"#),
    ]
    let fixture = try Fixture()
    defer { fixture.stop() }
    let failed = try failedMessages(fixture, sqs(messages))
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

/// Tasks of a batch job whose manifest lists this function's results beside the images.
@Suite struct BatchResultTests {
  private func task(_ key: String, environment: [String: String]) throws -> (
    code: String?, text: String?, calls: Int
  ) {
    let fixture = try Fixture(environment: environment)
    defer { fixture.stop() }
    let event =
      #"{"invocationSchemaVersion":"2.0","invocationId":"i","job":{"id":"j"},"tasks":[{"taskId":"t","s3Bucket":"dogs","#
      + #""s3Key":"\#(key)"}]}"#
    guard case .answer(let answer) = fixture.say(event) else {
      throw Fixture.Unexpected()
    }
    let result = answer["results"]?[0]
    return (
      result?["resultCode"]?.stringValue, result?["resultString"]?.stringValue,
      fixture.s3.requests.count
    )
  }

  @Test func taskAboutAResultSucceedsWithoutBeingRead() throws {
    let (code, text, calls) = try task(
      "results/dogs/uploads/a+b.jpg.json",
      environment: ["RESULT_BUCKET": "dogs", "RESULT_PREFIX": "results/"])
    #expect(code == "Succeeded")
    #expect(
      text == "s3://dogs/results/dogs/uploads/a b.jpg.json: a result of this function; skipped")
    #expect(calls == 0)
  }

  @Test(arguments: [
    ("results/dogs/rex.jpg", "dogs"), ("uploads/rex.json", "dogs"), ("results/rex.json", "others"),
  ])
  func otherTasksAreRead(key: String, bucket: String) throws {
    let (_, _, calls) = try task(
      key, environment: ["RESULT_BUCKET": bucket, "RESULT_PREFIX": "results/"])
    #expect(calls > 0)
  }
}

/// A queue's event all of whose messages failed: an answer with failed messages would count as a success.
@Suite struct TotalFailureTests {
  private static let modelError = Answer(
    424, [("x-amzn-ErrorType", "ModelError")],
    body: #"{"Message":"worker pid 7 died","OriginalStatusCode":500}"#)
  private static let denied = Answer(403, body: "<Error><Code>AccessDenied</Code></Error>")
  private static let badRequest = Answer(
    424, [("x-amzn-ErrorType", "ModelError")],
    body: #"{"Message":"cannot identify image file","OriginalStatusCode":400}"#)

  private func batch(
    s3: Answer = Fixture.image, endpoint: Answer = Fixture.threeValues, _ keys: String...
  ) throws -> Fixture.Said {
    let fixture = try Fixture(
      s3: [s3], endpoint: [endpoint], environment: ["AWS_MAX_ATTEMPTS": "1"])
    defer { fixture.stop() }
    return fixture.say(sqs(keys.map { ("message-\($0)", notification($0)) }))
  }

  @Test(arguments: [
    (Fixture.image, modelError, "SageMaker.ModelError"),
    // Also a container that hides its own defects behind 400.
    (Fixture.image, badRequest, "SageMaker.ModelError"),
    (Fixture.image, Answer(200, body: "not a reply"), "EndpointReply."),
    (denied, Fixture.threeValues, "S3.AccessDenied"), (busy, Fixture.threeValues, "S3.SlowDown"),
  ])
  func aBatchThatFailsEntirelyFailsTheInvocation(
    s3: Answer, endpoint: Answer, type: String
  ) throws {
    guard case .failure(let error) = try batch(s3: s3, endpoint: endpoint, "a", "b") else {
      throw Fixture.Unexpected()
    }
    #expect(error.errorType.hasPrefix(type))
    #expect(error.message.hasPrefix("2 of 2 images failed: "))
  }

  @Test func missingCredentialsFailTheInvocationToo() throws {
    let fixture = try Fixture(environment: ["AWS_ACCESS_KEY_ID": ""])
    defer { fixture.stop() }
    guard case .failure(let error) = fixture.say(sqs([("a", notification("a"))])) else {
      throw Fixture.Unexpected()
    }
    #expect(error.errorType.hasSuffix("MissingCredentials"))
  }

  @Test func imagesAtFaultReturnToTheQueueAsASuccess() throws {
    for said in [
      try batch(s3: missing, "a", "b"), try batch(s3: Answer(200, body: ""), "a", "b"),
      try batch("bad%ZZ", "worse%ZZ"),
    ] {
      guard case .answer(let answer) = said else { throw Fixture.Unexpected() }
      #expect(answer["batchItemFailures"]?.arrayValue?.count == 2)
    }
  }

  @Test func oneMessageThatSucceedsKeepsTheAnswerPartial() throws {
    let fixture = try Fixture(
      endpoint: [Self.modelError, Fixture.threeValues],
      environment: ["AWS_MAX_ATTEMPTS": "1", "MAX_PARALLEL": "1"])
    defer { fixture.stop() }
    let event = sqs([("bad", notification("a")), ("good", notification("b"))])
    guard case .answer(let answer) = fixture.say(event) else { throw Fixture.Unexpected() }
    #expect(answer == ["batchItemFailures": [["itemIdentifier": "bad"]]])
  }

  @Test func oneMessageWithABadImageKeepsTheAnswerPartial() throws {
    guard case .answer(let answer) = try batch(endpoint: Self.modelError, "a", "bad%ZZ") else {
      throw Fixture.Unexpected()
    }
    #expect(answer["batchItemFailures"]?.arrayValue?.count == 2)
  }
}
