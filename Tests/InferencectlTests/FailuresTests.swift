import JSON
import TestSupport
import Testing

@Suite struct FailuresTests {
  private static let counts = ScriptedServer.Answer(
    200, body: #"{"Attributes":{"ApproximateNumberOfMessages":"1"}}"#)
  private static let empty = ScriptedServer.Answer(200, body: "{}")
  private static let message = message(key: "a+b.jpg")

  private static func message(key: String) -> ScriptedServer.Answer {
    let upload = #"{"Records":[{"s3":{"bucket":{"name":"photos"},"object":{"key":"\#(key)"}}}]}"#
    let record = """
      {"requestContext":{"functionArn":"arn:aws:lambda:us-east-1:1:function:f:live","condition":"RetriesExhausted",
      "approximateInvokeCount":3},"requestPayload":\(upload),
      "responsePayload":{"errorType":"S3.NoSuchKey","errorMessage":"gone\\nfor good"}}
      """
    let message: JSONValue = [
      "MessageId": "12345678-90ab", "ReceiptHandle": "r", "Body": .string(record),
      "Attributes": ["SentTimestamp": "1699999999000"],
    ]
    return .init(200, bytes: JSONValue.object(["Messages": [message]]).serialized())
  }

  @Test func tableNamesReasonAndImageOfEachMessage() throws {
    let server = try ScriptedServer([Self.counts, Self.message, Self.empty])
    let run = CommandRun(["failures", "list", "--queue", "https://sqs/1/q"], url: server.baseURL)
    #expect(
      run.output
        == """
        ID        SENT                  FUNCTION  CONDITION         CALLS  ERROR               OBJECTS
        12345678  2023-11-14T22:13:19Z  f:live    RetriesExhausted  3      S3.NoSuchKey: gone  s3://photos/a b.jpg

        """)
  }

  @Test func keyWithControlCharactersForgesNoRowAndNoTitle() throws {
    let forged = "%1B]0;x%07%0A00000000++2023%E2%80%AEgpj"
    let server = try ScriptedServer([Self.counts, Self.message(key: forged), Self.empty])
    let list = CommandRun(["failures", "list", "--queue", "https://sqs/1/q"], url: server.baseURL)
    #expect(list.output.split(separator: "\n").count == 2)
    #expect(list.output.contains(#"s3://photos/\x1b]0;x\x07\n00000000  2023\u202egpj"#))
    let redriving = try ScriptedServer([
      Self.counts, Self.message(key: forged), .init(202), Self.empty, Self.empty,
    ])
    let redrive = CommandRun(
      ["failures", "redrive", "--queue", "https://sqs/1/q"], url: redriving.baseURL)
    #expect(redrive.errors.split(separator: "\n").count == 1)
    #expect(!redrive.errors.contains("\u{1B}") && !redrive.errors.contains("\u{202E}"))
    let shown = try ScriptedServer([Self.counts, Self.message(key: forged), Self.empty])
    let json = CommandRun(
      ["failures", "list", "--queue", "https://sqs/1/q", "--output", "json"], url: shown.baseURL
    ).output
    #expect(!json.contains("\u{1B}") && !json.contains("\u{202E}"))
    #expect(
      try JSONValue(parsing: json)[0]?["objects"]?[0]
        == "s3://photos/\u{1B}]0;x\u{7}\n00000000  2023\u{202E}gpj")
  }

  @Test func awsMessageWithControlCharactersIsEscaped() throws {
    let server = try ScriptedServer([
      .init(400, body: #"{"__type":"AccessDenied","message":"no\u001b[2J\u202eyes"}"#)
    ])
    let run = CommandRun(["failures", "list", "--queue", "https://sqs/1/q"], url: server.baseURL)
    #expect(run.status == 1)
    #expect(run.errors.split(separator: "\n").count == 1)
    #expect(run.errors.contains(#"no\x1b[2J\u202eyes"#))
  }

  @Test func dryRunOfARedriveIsOneDocumentWithItsEvents() throws {
    let server = try ScriptedServer([Self.counts, Self.message, Self.empty, Self.empty])
    let run = CommandRun(
      ["failures", "redrive", "--queue", "https://sqs/1/q", "--dry-run", "--output", "json"],
      url: server.baseURL)
    #expect(
      try plannedOperations(run).map { $0.split(separator: " ")[0] } == ["Invoke", "DeleteMessage"])
    #expect(try JSONValue(parsing: run.output)["events"]?[0]?["result"] == "planned")
  }

  @Test func deletionAsksAndDeletesOnlyTheMessagesOfTheIDs() throws {
    func delete(_ more: [String], answer: String? = nil) throws -> (CommandRun, [String]) {
      let server = try ScriptedServer([
        Self.counts, Self.message, Self.empty, .init(200, body: "{}"), .init(200, body: "{}"),
      ])
      let run = CommandRun(
        ["failures", "delete", "--queue", "https://sqs/1/q"] + more, url: server.baseURL,
        answer: answer)
      return (
        run,
        server.requests.compactMap {
          $0.header("X-Amz-Target")?.split(separator: ".").last.map(String.init)
        }
      )
    }
    let (done, calls) = try delete(["--id", "1234", "--yes", "--output", "json"])
    #expect(done.status == 0, "\(done.errors)")
    #expect(try JSONValue(parsing: done.output)["deleted"]?[0] == "12345678-90ab")
    #expect(
      calls == ["GetQueueAttributes", "ReceiveMessage", "ReceiveMessage", "DeleteMessage"])
    let (refused, kept) = try delete(["--id", "1234"], answer: "n")
    #expect(refused.status == 1)
    #expect(kept.last == "ChangeMessageVisibilityBatch")
    let (missing, left) = try delete(["--id", "99", "--yes"])
    #expect(missing.errors.contains("No visible message has an id that begins with 99"))
    #expect(left.last == "ChangeMessageVisibilityBatch")
    let (planned, _) = try delete(["--id", "1234", "--dry-run", "--output", "json"])
    #expect(
      try plannedOperations(planned).map { $0.split(separator: " ")[0] } == ["DeleteMessage"])
    #expect(try delete([]).0.status == 2)
  }

  @Test func functionsOwnQueueIsFound() throws {
    let server = try ScriptedServer([
      .init(
        200,
        body: """
          {"FunctionEventInvokeConfigs":[{"FunctionArn":"arn:f:live","DestinationConfig":{"OnFailure":
          {"Destination":"arn:aws:sqs:us-east-1:1:failed"}}},{"FunctionArn":"arn:f:$LATEST"}]}
          """), .init(200, body: #"{"QueueUrl":"https://sqs/1/failed"}"#), Self.counts, Self.empty,
    ])
    let run = CommandRun(
      ["failures", "list", "--function-name", "f", "--output", "json"], url: server.baseURL)
    #expect(run.output == "[]\n")
    let bodies = server.requests.map { String(decoding: $0.body, as: UTF8.self) }
    #expect(bodies[1].contains(#""QueueName":"failed""#))
    #expect(bodies[3].contains(#""QueueUrl":"https://sqs/1/failed""#))
  }

  @Test func queueThatMovesMessagesAwayIsWarnedOf() throws {
    let server = try ScriptedServer([
      .init(200, body: #"{"Attributes":{"RedrivePolicy":"{\"maxReceiveCount\":\"3\"}"}}"#),
      Self.empty,
    ])
    let run = CommandRun(["failures", "list", "--queue", "https://sqs/1/q"], url: server.baseURL)
    #expect(run.errors.contains("after 3 receives"))
  }

  @Test func redriveReportsEachEventAndTheirNumber() throws {
    let server = try ScriptedServer([
      Self.counts, Self.message, .init(202), Self.empty, Self.empty,
    ])
    let run = CommandRun(
      ["failures", "redrive", "--queue", "https://sqs/1/q"], url: server.baseURL)
    #expect(run.status == 0)
    #expect(run.output == "1 redriven, 0 kept.\n")
    #expect(run.errors == "12345678 (s3://photos/a b.jpg): f:live accepted, message deleted\n")
  }

  @Test func idThatIsNotThereIsRefused() throws {
    let server = try ScriptedServer([Self.counts, Self.empty])
    let run = CommandRun(
      ["failures", "redrive", "--queue", "https://sqs/1/q", "--id", "77"], url: server.baseURL)
    #expect(run.status == 1)
    #expect(run.errors.contains("begins with 77"))
  }

  @Test(arguments: [
    ["failures", "list"], ["failures", "list", "--queue", "q", "--max", "0"],
    ["failures", "list", "--queue", "q", "--qualifier", "live"],
    ["failures", "show", "--queue", "q"],
    ["failures", "redrive", "--queue", "q", "--max", "-1"],
  ])
  func wrongUsageIsStatus2(arguments: [String]) {
    #expect(CommandRun(arguments).status == 2)
  }
}
