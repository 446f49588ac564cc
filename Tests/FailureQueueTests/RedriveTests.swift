import AWSControl
import JSON
import OperationsSupport
import TestSupport
import Testing

@testable import FailureQueue

@Suite struct RedriveTests {
  private static let accepted = ScriptedServer.Answer(202)
  private static let done = ScriptedServer.Answer(200, body: "{}")
  private static let empty = received()

  @Test func messageIsDeletedAfterLambdaTookTheEvent() throws {
    let fixture = try ControlFixture([
      received(record("a"), record("b")), Self.accepted, Self.done, Self.accepted, Self.done,
      Self.empty,
    ])
    let outcome = try redrive(fixture)
    #expect(outcome.isComplete)
    #expect(
      calls(fixture) == [
        "ReceiveMessage", "Invoke a", "DeleteMessage receipt-a", "Invoke b",
        "DeleteMessage receipt-b", "ReceiveMessage",
      ])
    let invoke = fixture.requests[1]
    #expect(invoke.target.hasSuffix("/invocations?Qualifier=live"))
    #expect(invoke.header("X-Amz-Invocation-Type") == "Event")
  }

  @Test func failureOfAFunctionThatWasWaitedForKeepsTheMessage() throws {
    let failed = ScriptedServer.Answer(
      200, [("X-Amz-Function-Error", "Unhandled")], body: #"{"errorType":"E","errorMessage":"no"}"#)
    let fixture = try ControlFixture([received(record("a")), failed, Self.empty, Self.done])
    let outcome = try redrive(fixture, with: { $0.isSynchronous = true })
    #expect(!outcome.isComplete)
    guard case .kept(_, let reason) = outcome.steps.first else {
      Issue.record("\(outcome.steps)")
      return
    }
    #expect(reason == "the function failed (Unhandled): E: no")
    #expect(calls(fixture).last == "ChangeMessageVisibilityBatch receipt-a")
  }

  @Test(arguments: [
    (#"{"statusCode":200}"#, true), (#"{"statusCode":502}"#, false),
    (#"{"batchItemFailures":[]}"#, true),
    (#"{"batchItemFailures":[{"itemIdentifier":"1"}]}"#, false), ("null", true),
  ])
  func answerOfTheFunctionIsBelieved(answer: String, isAccepted: Bool) throws {
    let fixture = try ControlFixture([
      received(record("a")), .init(200, body: answer), Self.done, Self.empty, Self.done,
    ])
    let outcome = try redrive(fixture, with: { $0.isSynchronous = true })
    #expect(outcome.isComplete == isAccepted)
    #expect(calls(fixture).contains("DeleteMessage receipt-a") == isAccepted)
  }

  @Test func errorThatConcernsAllGivesEverythingBack() throws {
    let fixture = try ControlFixture([
      received(record("a"), record("b")),
      .init(404, [("x-amzn-ErrorType", "ResourceNotFoundException")], body: "{}"), Self.done,
    ])
    #expect(throws: (any Error).self) { try redrive(fixture) }
    #expect(
      calls(fixture) == [
        "ReceiveMessage", "Invoke a", "ChangeMessageVisibilityBatch receipt-a receipt-b",
      ])
  }

  @Test func brokenConnectionIsNotTakenForAnAnswer() throws {
    let fixture = try ControlFixture([received(record("a")), .reset, Self.done])
    #expect(throws: (any Error).self) { try redrive(fixture) }
    #expect(!calls(fixture).contains("DeleteMessage receipt-a"))
  }

  @Test func eventThatIsTooLargeDoesNotStopTheOthers() throws {
    let fixture = try ControlFixture([
      received(record("a"), record("b")),
      .init(413, [("x-amzn-ErrorType", "RequestTooLargeException")], body: "{}"), Self.accepted,
      Self.done, Self.empty, Self.done,
    ])
    let outcome = try redrive(fixture)
    #expect(outcome.steps.count == 2)
    #expect(calls(fixture).contains("DeleteMessage receipt-b"))
    #expect(calls(fixture).last == "ChangeMessageVisibilityBatch receipt-a")
  }

  @Test func messageThatCannotBeDeletedEndsTheRunAndIsNamed() throws {
    let fixture = try ControlFixture([
      received(record("a"), record("b")), Self.accepted,
      .init(403, body: #"{"__type":"com.amazonaws.sqs#AccessDenied","message":"no"}"#), Self.done,
    ])
    let error = #expect(throws: Refusal.self) { try redrive(fixture) }
    #expect(error?.message.contains("accepted the event of message a") == true)
    #expect(calls(fixture).filter { $0.hasPrefix("Invoke") }.count == 1)
    #expect(calls(fixture).last == "ChangeMessageVisibilityBatch receipt-a receipt-b")
  }

  @Test func rateSpacesTheEventsAndReceivesNoMoreThanItCanSend() throws {
    let fixture = try ControlFixture([
      received(record("a")), Self.accepted, Self.done, received(record("b")), Self.accepted,
      Self.done, Self.empty,
    ])
    // One each five minutes.
    let outcome = try redrive(fixture, with: { $0.ratePerSecond = 1.0 / 300 })
    #expect(outcome.steps.count == 2)
    #expect(calls(fixture).contains("DeleteMessage receipt-b"))
    let receive = try JSONValue(parsing: fixture.requests[0].body)
    #expect(receive["MaxNumberOfMessages"] == 1)
    #expect(fixture.sleeps.all.reduce(0, +) == 600_000)
    #expect(fixture.sleeps.all.allSatisfy { $0 <= 200 })
  }

  @Test func interruptionEndsThePauseOfARate() throws {
    let fixture = try ControlFixture([
      received(record("a"), record("b")), Self.accepted, Self.done, Self.done,
    ])
    let sleeps = fixture.sleeps
    let outcome = try redrive(
      fixture, isInterrupted: { sleeps.all.count == 3 }, with: { $0.ratePerSecond = 0.1 })
    #expect(outcome.wasInterrupted)
    #expect(outcome.steps.count == 1)
    #expect(calls(fixture).last == "ChangeMessageVisibilityBatch receipt-b")
  }

  @Test func interruptionLeavesTheRest() throws {
    let fixture = try ControlFixture([
      received(record("a"), record("b")), Self.accepted, Self.done, Self.done,
    ])
    let steps = Recorder<Int>()
    let outcome = try redrive(
      fixture, isInterrupted: { steps.all.count == 1 }, onStep: { _ in steps.add(1) })
    #expect(outcome.wasInterrupted)
    #expect(outcome.steps.count == 1)
    #expect(calls(fixture).last == "ChangeMessageVisibilityBatch receipt-b")
  }

  @Test func dryRunShowsWhatItWouldDoAndGivesBack() throws {
    let fixture = try ControlFixture(
      [received(record("a")), Self.empty, Self.done], dryRun: true)
    let outcome = try redrive(fixture)
    #expect(outcome.isComplete)
    #expect(
      fixture.planned.all.map { $0.title.split(separator: " ")[0] } == ["Invoke", "DeleteMessage"])
    #expect(calls(fixture).last == "ChangeMessageVisibilityBatch receipt-a")
  }

  @Test func onlyMatchingMessagesAreTaken() throws {
    let fixture = try ControlFixture([
      received(record("aa"), record("ab"), record("b")), Self.accepted, Self.done, Self.empty,
      Self.done,
    ])
    let outcome = try redrive(fixture, with: { $0.messageIDs = ["ab"] })
    #expect(outcome.steps.count == 1)
    #expect(calls(fixture).last == "ChangeMessageVisibilityBatch receipt-aa receipt-b")
  }

  @Test func eventsThatCameMeanwhileAreLeftAlone() throws {
    let late =
      #"{"MessageId":"late","ReceiptHandle":"h","Body":"{}","Attributes":{"SentTimestamp":"1800000000000"}}"#
    let fixture = try ControlFixture([
      .init(200, body: #"{"Messages":[\#(late)]}"#), Self.empty, Self.done,
    ])
    #expect(try redrive(fixture).steps.isEmpty)
  }

  @Test func lookGivesEverythingBack() throws {
    let fixture = try ControlFixture([
      received(record("a"), record("b")), received(record("c")), Self.empty, Self.done,
    ])
    let queue = FailureQueueClient(queueURL: "https://sqs/1/q", with: fixture.client)
    #expect(try queue.look(maximum: 10).map(\.messageID) == ["a", "b", "c"])
    #expect(
      calls(fixture).last == "ChangeMessageVisibilityBatch receipt-a receipt-b receipt-c")
  }

  // MARK: Help

  @discardableResult
  private func redrive(
    _ fixture: ControlFixture, isInterrupted: @escaping () -> Bool = { false },
    onStep: @escaping (Redrive.Step) -> Void = { _ in },
    with change: (inout Redrive.Options) -> Void = { _ in }
  ) throws -> Redrive.Outcome {
    var options = Redrive.Options()
    change(&options)
    let queue = FailureQueueClient(queueURL: "https://sqs/1/q", with: fixture.client)
    return try Redrive(queue, options, isInterrupted: isInterrupted, onStep: onStep).run()
  }

  /// The calls that the server received, in short.
  private func calls(_ fixture: ControlFixture) -> [String] {
    fixture.requests.map { request in
      let body = try? JSONValue(parsing: request.body)
      guard let target = request.header("X-Amz-Target") else {
        let key = body?["Records"]?[0]?["s3"]?["object"]?["key"]?.stringValue ?? "?"
        return "Invoke \(key.split(separator: ".")[0])"
      }
      let handles =
        body?["Entries"]?.arrayValue?.compactMap { $0["ReceiptHandle"]?.stringValue }
        ?? [body?["ReceiptHandle"]?.stringValue].compactMap { $0 }
      return ([String(target.dropFirst("AmazonSQS.".count))] + handles).joined(separator: " ")
    }
  }
}
