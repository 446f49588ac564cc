import Foundation
import LoopbackServer
import Synchronization
import TestSupport
import Testing

/// Several loops in one process (`AWS_LAMBDA_MAX_CONCURRENCY`).
@Suite struct ManagedInstanceTests {
  private static func environment(_ address: String) -> [String: String] {
    [
      "AWS_LAMBDA_RUNTIME_API": address, "AWS_REGION": "us-east-1",
      "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
      "ENDPOINT_NAME": "dog-breeds", "AWS_LAMBDA_MAX_CONCURRENCY": "4",
      "AWS_LAMBDA_LOG_LEVEL": "WARN",
    ]
  }

  private static let creation = Array(
    String(decoding: Fault.removal, as: UTF8.self)
      .replacing("Removed:Delete", with: "Created:Put").utf8)

  /// Serves events without end; `onNext` can override a call.
  private static func runtimeAPI(
    _ event: [UInt8], posts: Recorder<ReceivedHTTPRequest>,
    onNext: @escaping @Sendable (Int, LoopbackConnection) throws -> Bool
  ) throws -> LoopbackServer {
    let counter = Counter()
    return try LoopbackServer { request, connection in
      guard request.path.hasSuffix("/next") else {
        posts.add(request)
        return try connection.send(status: 202)
      }
      let number = counter.next()
      if try onNext(number, connection) { return }
      try connection.send(
        status: 200,
        headers: [
          ("Lambda-Runtime-Aws-Request-Id", "id-\(number)"),
          ("Lambda-Runtime-Trace-Id", "Root=\(number)"),
        ], body: event)
    }
  }

  @Test func fourEventsAreInFlightAtTheSameTimeAndEachKeepsItsTraceID() throws {
    // S3 responds only after four requests have arrived.
    let barrier = Barrier(count: 4)
    let read = Recorder<ReceivedHTTPRequest>()
    let s3 = try LoopbackServer { request, connection in
      read.add(request)
      barrier.wait()
      try connection.send(status: 404)
    }
    defer { s3.stop() }
    let posts = Recorder<ReceivedHTTPRequest>()
    let done = Box<Void>()
    let server = try Self.runtimeAPI(Self.creation, posts: posts) { number, connection in
      guard number > 4 else { return false }
      if number == 8 { done.set(()) }
      connection.waitUntilClientIsGone()
      return true
    }
    defer { server.stop() }
    var environment = Self.environment("127.0.0.1:\(server.port)")
    environment["AWS_ENDPOINT_URL_S3"] = s3.baseURL
    let process = try BootstrapProcess(environment: environment)
    defer { process.stop() }
    #expect(done.wait() != nil, "four answers, and four loops that wait again")
    #expect(
      Set(posts.all.map(\.path))
        == Set((1...4).map { "/2018-06-01/runtime/invocation/id-\($0)/error" }))
    #expect(
      Set(read.all.compactMap { $0.header("X-Amzn-Trace-Id") })
        == Set((1...4).map { "Root=\($0)" }))
  }

  @Test func oneLoopsFatalEndEndsTheProcessWithOneLine() throws {
    let server = try Self.runtimeAPI(Fault.removal, posts: Recorder()) { number, connection in
      guard number >= 400 else { return false }
      // All loops at the same time, so that they race to log the end.
      try connection.send(status: 500)
      return true
    }
    defer { server.stop() }
    let process = try BootstrapProcess(environment: Self.environment("127.0.0.1:\(server.port)"))
    defer { process.stop() }
    #expect(process.waitForExit() == 1)
    #expect(
      process.log.map(FaultRun.essence) == [
        "FATAL the Runtime API returned 500 for /invocation/next"
      ])
  }

  @Test func thousandEventsInFourLoopsAreAnsweredOnceEach() throws {
    let posts = Recorder<ReceivedHTTPRequest>()
    let counter = Counter()
    let done = Box<Void>()
    let server = try Self.runtimeAPI(Fault.removal, posts: posts) { number, connection in
      guard number > 1_000 else { return false }
      if counter.next() == 4 { done.set(()) }
      connection.waitUntilClientIsGone()
      return true
    }
    defer { server.stop() }
    let process = try BootstrapProcess(environment: Self.environment("127.0.0.1:\(server.port)"))
    defer { process.stop() }
    #expect(done.wait(timeoutSeconds: 60) != nil)
    #expect(posts.all.count == 1_000)
    #expect(Set(posts.all.map(\.path)).count == 1_000)
    #expect(posts.all.allSatisfy { $0.path.hasSuffix("/response") })
    #expect(process.log.isEmpty)
  }
}

/// Counts from 1.
private final class Counter: Sendable {
  private let count = Atomic<Int>(0)
  func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}
