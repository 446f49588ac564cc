import Foundation
import HTTPClient
import LoopbackServer
import Platform
import TestSupport
import Testing

func makeClient(
  trust: TrustStore = TrustStore(primary: .amazonTrustServices), environment: [String: String] = [:]
) throws -> HTTPClient {
  try HTTPClient(
    trust: trust, proxy: ProxyConfiguration(environment: Environment(environment)))
}

func get(
  _ url: String, headers: [HTTPHeader] = [], timeoutMilliseconds: Int64? = 60_000,
  maximumBodyBytes: Int = 1 << 20
) -> HTTPRequest {
  HTTPRequest(
    method: "GET", url: url, headers: headers, timeoutMilliseconds: timeoutMilliseconds,
    maximumBodyBytes: maximumBodyBytes)
}

func post(_ url: String, _ body: [UInt8], headers: [HTTPHeader] = []) -> HTTPRequest {
  HTTPRequest(
    method: "POST", url: url, headers: headers, body: body, timeoutMilliseconds: 60_000,
    maximumBodyBytes: 16 << 20)
}

@Suite struct TransferTests {
  @Test func aResponseCarriesStatusHeadersAndBody() throws {
    let server = try LoopbackServer { _, connection in
      try connection.send(
        status: 404, headers: [("X-Some", "a"), ("x-other", " b ")], body: [1, 2])
    }
    defer { server.stop() }
    let response = try makeClient().send(get(server.baseURL + "/"))
    #expect(response.status == 404)
    #expect(response.body == [1, 2])
    #expect(response.headers["x-sOME"] == "a")
    #expect(response.headers["X-Other"] == "b")
    #expect(response.headers["x-oth"] == nil)
  }

  @Test(arguments: ["/a//b/../c/./%2F%20?x=%2B&y", "/", "/%E4?", "/a;b=c,d'(e)"])
  func theTargetIsSentAsItIs(target: String) throws {
    let seen = Recorder<String>()
    let server = try LoopbackServer { request, connection in
      seen.add(request.target)
      try connection.send(status: 200)
    }
    defer { server.stop() }
    _ = try makeClient().send(get(server.baseURL + target))
    #expect(seen.all == [target])
  }

  @Test(arguments: [0, 1, 65_536, 65_537, 3_000_000])
  func aBodyArrivesWholeWhateverItsSize(size: Int) throws {
    let server = try LoopbackServer { request, connection in
      try connection.send(status: 200, body: request.body)
    }
    defer { server.stop() }
    let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    #expect(try makeClient().send(post(server.baseURL + "/", body)).body == body)
  }

  @Test func headersAreSentAsGivenAndNothingUnasked() throws {
    let seen = Recorder<ReceivedHTTPRequest>()
    let server = try LoopbackServer { request, connection in
      seen.add(request)
      try connection.send(status: 200)
    }
    defer { server.stop() }
    let headers = [HTTPHeader("X-Empty", ""), HTTPHeader("X-A", "1"), HTTPHeader("X-A", "2")]
    _ = try makeClient().send(post(server.baseURL + "/", [1], headers: headers))
    let request = try #require(seen.all.first)
    #expect(request.header("X-Empty") == "")
    #expect(request.allHeaders("X-A") == ["1", "2"])
    #expect(request.header("Expect") == nil)
    #expect(request.header("Content-Type") == nil)
    #expect(request.header("Content-Length") == "1")
  }

  @Test func aHeaderWithALineBreakIsRefusedAndNamed() throws {
    let request = get("http://127.0.0.1:1/", headers: [HTTPHeader("X-Evil", "a\r\nX-B: c")])
    let error = #expect(throws: HTTPError.self) { try makeClient().send(request) }
    #expect(error?.kind == .invalidRequest)
    #expect(error?.message.contains("X-Evil") == true)
  }

  @Test func oneConnectionServesManyRequestsOfAnyMethod() throws {
    let connections = Recorder<ObjectIdentifier>()
    let methods = Recorder<String>()
    let server = try LoopbackServer { request, connection in
      connections.add(ObjectIdentifier(connection))
      methods.add("\(request.method) \(request.body.count)")
      try connection.send(status: 200, body: [7])
    }
    defer { server.stop() }
    let client = try makeClient()
    for method in ["GET", "POST", "PUT", "DELETE", "HEAD", "GET", "POST"] {
      let body: [UInt8] = ["POST", "PUT"].contains(method) ? [1, 2, 3] : []
      let response = try client.send(
        HTTPRequest(
          method: method, url: server.baseURL + "/", body: body, timeoutMilliseconds: 60_000,
          maximumBodyBytes: 10))
      #expect(response.body == (method == "HEAD" ? [] : [7]))
    }
    #expect(
      methods.all == ["GET 0", "POST 3", "PUT 3", "DELETE 0", "HEAD 0", "GET 0", "POST 3"])
    #expect(Set(connections.all).count == 1)
  }

  @Test func manyTransfersProceedTogetherAndEachCompletionMayStartMore() throws {
    let barrier = Barrier(count: 4)
    let server = try LoopbackServer { request, connection in
      // Nobody is answered before all four have asked: one after the other would never end.
      if request.path == "/first" { barrier.wait() }
      try connection.send(status: 200, body: Array(request.path.utf8))
    }
    defer { server.stop() }
    let client = try makeClient()
    var bodies: [String] = []
    for _ in 0..<4 {
      client.start(get(server.baseURL + "/first")) { _ in
        client.start(get(server.baseURL + "/second")) { result in
          bodies.append((try? result.get()).map { String(decoding: $0.body, as: UTF8.self) } ?? "")
        }
      }
    }
    client.run()
    #expect(bodies == Array(repeating: "/second", count: 4))
  }

  @Test func aScheduledActionRunsAfterItsTime() throws {
    let client = try makeClient()
    let start = Clock.system.monotonicMilliseconds()
    var order: [Int] = []
    client.schedule(afterMilliseconds: 30) { order.append(2) }
    client.schedule(afterMilliseconds: 5) { order.append(1) }
    client.run()
    #expect(order == [1, 2])
    #expect(Clock.system.monotonicMilliseconds() - start >= 30)
  }

  @Test func aConnectionThatTheServerClosedWhileIdleIsReplaced() throws {
    let closed = DispatchSemaphore(value: 0)
    let server = try LoopbackServer { request, connection in
      try connection.send(status: 200, body: request.body)
      connection.close()
      closed.signal()
    }
    defer { server.stop() }
    let client = try makeClient()
    for size in [3, 200_000, 3] {
      let body = [UInt8](repeating: 5, count: size)
      #expect(try client.send(post(server.baseURL + "/", body)).body == body)
      // Idle is meant: closed while the next request is being sent is another matter.
      closed.wait()
    }
  }
}
