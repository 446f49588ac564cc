@testable import AWSClient
import HTTPClient
import Platform
import S3
import SageMakerRuntime
import TestSupport
import Testing

@Suite struct PolicyTests {
  private let function = CallPolicy.function(maximumAttempts: 3)

  private func pauses(
    _ policy: CallPolicy, _ kind: RetryVerdict.Pause, attempts: Int, _ headers: HTTPHeaders? = nil
  ) -> [Int64] {
    (0..<200).map { _ in
      policy.pauseMilliseconds(kind, attempts: attempts, headers: headers)
    }
  }

  @Test(arguments: [
    (RetryVerdict.Pause.transient, 1, Int64(50)), (.transient, 3, 200), (.throttling, 1, 1_000),
    (.throttling, 4, 8_000), (.throttling, 60, 20_000),
  ])
  func pausesAreARandomPartOfADoublingCeiling(
    kind: RetryVerdict.Pause, attempts: Int, ceiling: Int64
  ) {
    let pauses = pauses(function, kind, attempts: attempts)
    #expect(pauses.allSatisfy { (0...ceiling).contains($0) })
    #expect(pauses.contains { $0 > ceiling / 2 })
    #expect(pauses.contains { $0 < ceiling / 2 })
  }

  @Test(arguments: [
    ("300", Int64(300), Int64(300)), ("60000", 5_000, 5_050), ("-1", 0, 50), ("soon", 0, 50),
    ("99999999999999999999", 0, 50),
  ])
  func theServicesHintRaisesThePauseByAtMostFiveSeconds(hint: String, lowest: Int64, highest: Int64)
  {
    let headers = HTTPHeaders([("x-amz-retry-after", hint)])
    #expect(
      pauses(function, .transient, attempts: 1, headers).allSatisfy {
        (lowest...highest).contains($0)
      })
  }

  @Test func retryAfterIsForAnOperatorOnly() {
    let headers = HTTPHeaders([("Retry-After", "30")])
    #expect(pauses(function, .transient, attempts: 1, headers).allSatisfy { $0 <= 50 })
    let tool = CallPolicy.operatorsTool()
    #expect(pauses(tool, .transient, attempts: 1, headers).allSatisfy { $0 == 30_000 })
    let long = HTTPHeaders([("Retry-After", "86400")])
    #expect(pauses(tool, .transient, attempts: 1, long).allSatisfy { $0 == 60_000 })
  }
}

@Suite struct QuotaTests {
  private typealias Answer = ScriptedServer.Answer

  @Test func thirtyFiveFailedRetriesUseItUpAndLaterCallsFailAtOnce() throws {
    let server = try ScriptedServer([Answer(500)])
    defer { server.stop() }
    let aws = try makeAWS(server)
    var lastMessage = ""
    for _ in 0..<18 {
      let error = #expect(throws: AWSError.self) { try aws.send(makeRequest(), in: makeContext()) }
      lastMessage = error?.message ?? ""
    }
    // 18 calls and 35 retries, not 54 requests.
    #expect(server.requests.count == 18 + 35)
    #expect(lastMessage.contains("the retry quota is used up"))
    #expect(throws: AWSError.self) { try aws.send(makeRequest(), in: makeContext()) }
    #expect(server.requests.count == 18 + 35 + 1)
  }

  @Test func theLoopsOfAnEnvironmentShareOneQuota() throws {
    let server = try ScriptedServer([Answer(500)])
    defer { server.stop() }
    let histories = ServiceHistories(sharing: [.sageMakerRuntime])
    let loops = try (0..<2).map { _ in try makeAWS(server, histories: histories) }
    for call in 0..<18 {
      #expect(throws: AWSError.self) { try loops[call % 2].send(makeRequest(), in: makeContext()) }
    }
    #expect(server.requests.count == 18 + 35)
  }

  @Test func threadsTakeNoMoreTokensThanThereAre() async {
    let history = ServiceHistory()
    let taken = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask { (0..<50).reduce(0) { sum, _ in sum + (history.acquire(.throttling) ?? 0) } }
      }
      return await group.reduce(0, +)
    }
    #expect(taken == 500 && history.tokens == 0)
  }

  @Test func aSuccessAfterARetryGivesItsCostBack() {
    let history = ServiceHistory()
    let cost = history.acquire(.transient)
    #expect(cost == 14)
    #expect(history.tokens == 486)
    history.succeed(lastCost: cost, milliseconds: 10)
    #expect(history.tokens == 500)
    #expect(history.acquire(.throttling) == 5)
    history.succeed(lastCost: nil, milliseconds: 10)
    #expect(history.tokens == 496)
  }

  @Test func theTypicalTimeFollowsWhatIsMeasured() {
    let history = ServiceHistory()
    for _ in 0..<40 { history.succeed(lastCost: nil, milliseconds: 3_000) }
    #expect((2_900...3_000).contains(history.typicalMilliseconds))
    history.succeed(lastCost: nil, milliseconds: .max)
    #expect(history.typicalMilliseconds < 11_000)
  }
}

@Suite struct TimeTests {
  private typealias Answer = ScriptedServer.Answer

  @Test func aRetryThatDoesNotFitIsNotMade() throws {
    let server = try ScriptedServer([Answer(500)])
    defer { server.stop() }
    // 100 ms are typical before anything was measured.
    let error = #expect(throws: AWSError.self) {
      try makeAWS(server).send(makeRequest(), in: makeContext(deadlineIn: 140))
    }
    #expect(server.requests.count == 1)
    #expect(error?.message.contains("no time for a retry") == true)
    #expect(error?.retryCanHelp == true)
  }

  @Test func aSilentAttemptIsRepeatedOnANewConnectionWithMoreTime() throws {
    let server = try ScriptedServer([.hang, Answer(200, body: "second")])
    defer { server.stop() }
    var request = makeRequest(.s3)
    request.limits = TimeLimits(firstByteMilliseconds: 1_000)
    let response = try makeAWS(server).send(request, in: makeContext())
    #expect(response.body == Array("second".utf8))
    #expect(server.requests.count == 2)
  }

  @Test func anAttemptIsCutAtItsOwnLimitAndSaysSo() throws {
    let server = try ScriptedServer([.hang])
    defer { server.stop() }
    var request = makeRequest(.sageMakerRuntime)
    request.limits = .inference(attemptMilliseconds: 200)
    let error = #expect(throws: AWSError.self) {
      try makeAWS(server).send(request, in: makeContext(deadlineIn: 30_000))
    }
    #expect(error?.code == .timedOut)
    #expect(server.requests.count == 3)
  }
}
