import AWSClient
import AWSControl
import LoopbackServer
import OperationsSupport
import TestSupport
import Testing

@Suite struct ReadGroupTests {
  @Test func readsAreUnderWayAtTheSameTime() throws {
    // Answers none before all three have arrived: one after the other they would wait a minute.
    let barrier = Barrier(count: 3)
    let current = Locked((now: 0, most: 0))
    let server = try LoopbackServer { request, connection in
      current.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
      barrier.wait()
      current.withLock { $0.now -= 1 }
      let body = request.path.contains("aliases") ? #"{"Aliases":[]}"# : #"{"Name":"live"}"#
      try connection.send(status: 200, body: Array(body.utf8))
    }
    defer { server.stop() }
    let fixture = try ControlFixture(url: server.baseURL)
    let reads = ReadGroup(fixture.client)
    let concurrency = ["a", "b"].map { reads.add(GetFunctionConcurrency(functionName: $0)) }
    let aliases = reads.addAll(ListAliases(functionName: "f"))
    try reads.run()
    #expect(current.withLock { $0.most } == 3)
    #expect(try concurrency.allSatisfy { try $0.get().reserved == nil })
    #expect(try aliases.get().isEmpty)
  }

  @Test func allPagesOfAListAreRead() throws {
    let server = try RoutedServer([
      "GET /2015-03-31/functions/f/aliases": [
        .init(200, body: #"{"Aliases":[{"Name":"a","FunctionVersion":"1"}],"NextMarker":"m"}"#)
      ],
      "GET /2015-03-31/functions/f/aliases?Marker=m": [
        .init(200, body: #"{"Aliases":[{"Name":"b","FunctionVersion":"2"}]}"#)
      ],
    ])
    let fixture = try ControlFixture(url: server.baseURL)
    let reads = ReadGroup(fixture.client)
    let aliases = reads.addAll(ListAliases(functionName: "f"))
    try reads.run()
    #expect(try aliases.get().map(\.name) == ["a", "b"])
  }

  @Test func errorOfOneReadLeavesTheOthers() throws {
    let server = try RoutedServer([
      "GET /2019-09-30/functions/f/concurrency": [
        .init(404, [("x-amzn-ErrorType", "ResourceNotFoundException")], body: "{}")
      ],
      "GET /2015-03-31/functions/f/aliases": [.init(200, body: #"{"Aliases":[]}"#)],
    ])
    let fixture = try ControlFixture(url: server.baseURL)
    let reads = ReadGroup(fixture.client)
    let concurrency = reads.add(GetFunctionConcurrency(functionName: "f"))
    let absent = reads.addIfPresent(
      GetFunctionConcurrency(functionName: "f"), absent: .resourceNotFound)
    let aliases = reads.addAll(ListAliases(functionName: "f"))
    try reads.run()
    #expect(throws: AWSError.self) { try concurrency.get() }
    #expect(try absent.get() == nil)
    #expect(try aliases.get().isEmpty)
  }

  @Test func resultBeforeTheRunIsAnError() throws {
    let fixture = try ControlFixture([.init(200, body: "{}")])
    let pending = ReadGroup(fixture.client).add(GetFunctionConcurrency(functionName: "f"))
    #expect(throws: Interrupted.self) { try pending.get() }
  }
}
