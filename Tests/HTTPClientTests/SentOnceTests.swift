import HTTPClient
import LoopbackServer
import TestSupport
import Testing

@Suite struct SentOnceTests {
  /// Answers the first request and resets the connection at each other one.
  private func requests(isSentOnce: Bool) throws -> (count: Int, error: HTTPError?) {
    let recorder = Recorder<ReceivedHTTPRequest>()
    let server = try LoopbackServer { request, connection in
      if recorder.add(request) == 1 { try connection.send(status: 200) } else { connection.reset() }
    }
    defer { server.stop() }
    let client = try HTTPClient(
      trust: TrustStore(primary: .amazonTrustServices), proxy: .direct)
    var request = HTTPRequest(
      method: "POST", url: server.baseURL + "/", timeoutMilliseconds: 60_000, maximumBodyBytes: 10)
    request.isSentOnce = isSentOnce
    _ = try client.send(request)
    do {
      _ = try client.send(request)
      return (recorder.all.count, nil)
    } catch {
      return (recorder.all.count, error)
    }
  }

  @Test func libcurlRepeatsARequestOnAConnectionThatBreaks() throws {
    #expect(try requests(isSentOnce: false).count == 3)
  }

  @Test func aRequestThatIsSentOnceIsNotRepeated() throws {
    let (count, error) = try requests(isSentOnce: true)
    #expect(count == 2)
    #expect(error?.kind == .connectionLost)
  }

  @Test func aResponseThatEndsWithinItsHeadersIsIncomplete() throws {
    let server = try ScriptedServer([.raw("HTTP/1.1 200 OK\r\nContent-Le")])
    defer { server.stop() }
    let client = try HTTPClient(
      trust: TrustStore(primary: .amazonTrustServices), proxy: .direct)
    let error = #expect(throws: HTTPError.self) {
      try client.send(
        HTTPRequest(
          method: "GET", url: server.baseURL + "/", timeoutMilliseconds: 60_000,
          maximumBodyBytes: 10))
    }
    #expect(error?.kind == .incompleteBody)
  }
}
