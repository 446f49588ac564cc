import JSON
import LoopbackServer
import Platform
import TestSupport
import Testing

@testable import LambdaRuntime

/// Returns each event, or fails as the event specifies.
private struct EchoHandler: InvocationHandler {
  let seen: Recorder<Invocation>

  func handle(_ invocation: Invocation, log: Log) throws(InvocationError) -> [UInt8] {
    seen.add(invocation)
    if invocation.event == Array("fail".utf8) {
      throw InvocationError(errorType: "Test.Failed", message: "broken\n\"quoted\" \u{1} 🐕")
    }
    if invocation.event == Array("huge".utf8) {
      return [UInt8](repeating: 0x20, count: Invocation.maximumResponseBytes + 1)
    }
    return invocation.event
  }
}

/// Runs the runtime with scripted responses to `/next`.
private struct Run {
  let status: Int32
  let requests: [ReceivedHTTPRequest]
  let invocations: [Invocation]
  let lines: [String]
  var posts: [ReceivedHTTPRequest] { requests.filter { $0.method == "POST" } }

  /// - Parameters:
  ///   - next: the responses to `/next` in order; 500 after the last one ends the loop.
  ///   - post: the response to every post.
  init(
    next answers: [ScriptedServer.Answer], post: ScriptedServer.Answer = .init(202)
  ) throws {
    let recorder = Recorder<ReceivedHTTPRequest>()
    let nextCount = Recorder<Void>()
    let server = try LoopbackServer { request, connection in
      recorder.add(request)
      guard request.path.hasSuffix("/invocation/next") else {
        if post.resets { return connection.reset() }
        return try connection.send(status: post.status)
      }
      let count = nextCount.add(())
      let answer = count <= answers.count ? answers[count - 1] : ScriptedServer.Answer(500)
      if answer.resets { return connection.reset() }
      try connection.send(status: answer.status, headers: answer.headers, body: answer.body)
    }
    defer { server.stop() }
    let lines = Recorder<String>()
    let log = Log(environment: Environment([:])) { lines.add(String(decoding: $0, as: UTF8.self)) }
    let seen = Recorder<Invocation>()
    status = serve(["AWS_LAMBDA_RUNTIME_API": "127.0.0.1:\(server.port)"], log) { _ in
      EchoHandler(seen: seen)
    }
    requests = recorder.all
    invocations = seen.all
    self.lines = lines.all
  }
}

private func serve(
  _ environment: [String: String], _ log: Log, clock: Clock = .system,
  _ makeHandler: @escaping @Sendable (Environment) throws -> EchoHandler
) -> Int32 {
  Runtime(environment: Environment(environment), clock: clock, log: log, makeHandler: makeHandler)
    .serve()
}

private func event(_ id: String, _ body: String = "{}", _ headers: [(String, String)] = [])
  -> ScriptedServer.Answer
{
  .init(200, [("Lambda-Runtime-Aws-Request-Id", id)] + headers, body: body)
}

@Suite struct RuntimeLoopTests {
  @Test func anInvocationIsAnsweredWithItsRequestID() throws {
    let run = try Run(next: [event("id-1", #"{"a":1}"#), event("id-2")])
    #expect(
      run.posts.map(\.target) == [
        "/2018-06-01/runtime/invocation/id-1/response",
        "/2018-06-01/runtime/invocation/id-2/response",
      ])
    #expect(run.posts[0].body == Array(#"{"a":1}"#.utf8))
    #expect(run.posts[0].header("Content-Type") == "application/json")
  }

  @Test func everyHeaderOfTheInvocationIsRead() throws {
    let run = try Run(next: [
      event(
        "id", "{}",
        [
          ("lambda-runtime-deadline-ms", "1795357601123"), ("LAMBDA-RUNTIME-TRACE-ID", "Root=1"),
          ("Lambda-Runtime-Invoked-Function-Arn", "arn:x"),
          ("Lambda-Runtime-Client-Context", "{\"c\":1}"),
          ("Lambda-Runtime-Cognito-Identity", "{\"i\":1}"),
          ("Lambda-Runtime-Aws-Tenant-Id", "tenant"), ("Lambda-Runtime-Invocation-Id", "inv"),
        ])
    ])
    let invocation = try #require(run.invocations.first)
    #expect(invocation.requestID == "id")
    #expect(invocation.deadline.unixMilliseconds == 1_795_357_601_123)
    #expect(invocation.traceID == "Root=1")
    #expect(invocation.invokedFunctionARN == "arn:x")
    #expect(invocation.clientContext == "{\"c\":1}")
    #expect(invocation.cognitoIdentity == "{\"i\":1}")
    #expect(invocation.tenantID == "tenant")
    #expect(invocation.remainingMilliseconds(on: .system) < Int64.max)
    #expect(run.posts.first?.header("Lambda-Runtime-Invocation-Id") == "inv")
  }

  @Test func headersThatAreMissingAreNoTrouble() throws {
    let run = try Run(next: [event("id")])
    let invocation = try #require(run.invocations.first)
    #expect(invocation.deadline == .distantFuture)
    #expect(invocation.traceID == nil)
    #expect(run.posts.first?.header("Lambda-Runtime-Invocation-Id") == nil)
  }

  @Test func aFailureIsReportedWithItsOwnTypeAndValidJSON() throws {
    let run = try Run(next: [
      event("id-1", "fail", [("Lambda-Runtime-Invocation-Id", "inv")]), event("id-2"),
    ])
    let report = try #require(run.posts.first)
    #expect(report.target == "/2018-06-01/runtime/invocation/id-1/error")
    #expect(report.header("Lambda-Runtime-Function-Error-Type") == "Test.Failed")
    #expect(report.header("Lambda-Runtime-Invocation-Id") == "inv")
    let json = try JSONValue(parsing: report.body)
    #expect(json["errorMessage"] == "broken\n\"quoted\" \u{1} 🐕")
    #expect(json["errorType"] == "Test.Failed")
    #expect(json["stackTrace"] == [])
    #expect(run.posts.last?.target.hasSuffix("id-2/response") == true, "the next one works")
  }

  @Test func aResponseThatIsTooLargeIsReportedWithItsSizeInstead() throws {
    let run = try Run(next: [event("id", "huge")])
    let report = try #require(run.posts.first)
    #expect(report.header("Lambda-Runtime-Function-Error-Type") == "Runtime.ResponseTooLarge")
    #expect(String(decoding: report.body, as: UTF8.self).contains("6291457 bytes"))
  }

  @Test func anEventWithoutRequestIDIsLoggedAndTheLoopGoesOn() throws {
    let run = try Run(next: [.init(200, body: "{}"), event("id")])
    #expect(run.invocations.map(\.requestID) == ["id"])
    #expect(run.lines.contains { $0.contains("without a request id") })
  }

  @Test func status500OfNextEndsTheProcessWithOneLogLine() throws {
    let run = try Run(next: [])
    #expect(run.status == 1)
    #expect(run.lines.count == 1)
    #expect(run.lines[0].contains("500"))
  }

  @Test(arguments: [403, 410, 413])
  func aRefusedAnswerIsLoggedAndTheLoopGoesOn(status: Int) throws {
    let run = try Run(next: [event("id-1"), event("id-2")], post: .init(status))
    #expect(run.posts.count == 2, "no second post about the same invocation")
    #expect(run.lines.filter { $0.contains("status \(status)") }.count == 2)
  }

  @Test func aResetWhilePostingIsTriedOnceMore() throws {
    let run = try Run(next: [event("id-1"), event("id-2")], post: .reset)
    #expect(run.posts.map(\.target).filter { $0.contains("id-1") }.count == 2)
    #expect(run.invocations.count == 2)
  }

  @Test func aResetWhileWaitingIsAnsweredByAskingAgain() throws {
    let run = try Run(next: [.reset, event("id")])
    #expect(run.invocations.count == 1)
    #expect(run.lines.count == 1, "only about the 500 that ends the test")
  }

  @Test func aRuntimeAPIThatIsNotThereEndsTheProcessAfterSomeTries() throws {
    let port = try ReservedPort()
    let pauses = Recorder<Int64>()
    let lines = Recorder<String>()
    let clock = Clock(
      unixMilliseconds: Clock.system.unixMilliseconds,
      monotonicMilliseconds: Clock.system.monotonicMilliseconds, sleep: { pauses.add($0) })
    let status = serve(
      ["AWS_LAMBDA_RUNTIME_API": "127.0.0.1:\(port.number)"],
      Log(environment: Environment([:])) { lines.add(String(decoding: $0, as: UTF8.self)) },
      clock: clock
    ) { _ in EchoHandler(seen: Recorder()) }
    #expect(status == 1)
    #expect(pauses.all.reduce(0, +) == 2000)
    #expect(lines.all.last?.contains("giving up") == true)
  }

  @Test func withoutARuntimeAPITheUserIsToldWhatToDo() {
    let lines = Recorder<String>()
    let status = serve(
      [:], Log(environment: Environment([:])) { lines.add(String(decoding: $0, as: UTF8.self)) }
    ) { _ in EchoHandler(seen: Recorder()) }
    #expect(status == 1)
    #expect(lines.all.first?.contains("swift run local-invoke") == true)
  }

  @Test func aHandlerThatCannotBeMadeIsAnInitError() throws {
    let requests = Recorder<ReceivedHTTPRequest>()
    let server = try LoopbackServer { request, connection in
      requests.add(request)
      try connection.send(status: 202)
    }
    defer { server.stop() }
    let lines = Recorder<String>()
    let status = serve(
      ["AWS_LAMBDA_RUNTIME_API": "127.0.0.1:\(server.port)"],
      Log(environment: Environment([:])) { lines.add(String(decoding: $0, as: UTF8.self)) }
    ) { (_) throws(ConfigurationError) -> EchoHandler in
      throw ConfigurationError(variable: "ENDPOINT_NAME", problem: "is not set")
    }
    #expect(status == 1)
    #expect(requests.all.map(\.target) == ["/2018-06-01/runtime/init/error"])
    #expect(
      requests.all.first?.header("Lambda-Runtime-Function-Error-Type")
        == "Configuration.ENDPOINTNAME")
    #expect(lines.all.first?.contains("ENDPOINT_NAME is not set") == true)
  }
}
