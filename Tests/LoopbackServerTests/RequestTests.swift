import LoopbackServer
import TestSupport
import Testing

/// A server that returns a description of the received request.
private func describingServer(
  maximumHeaderBytes: Int = 65_536, maximumBodyBytes: Int = 1 << 20
) throws -> LoopbackServer {
  try LoopbackServer(maximumHeaderBytes: maximumHeaderBytes, maximumBodyBytes: maximumBodyBytes) {
    request, connection in
    let headers = request.headers.map { "\($0.name)=\($0.value)" }.joined(separator: "|")
    let text =
      "\(request.method) \(request.target) [\(headers)] \(String(decoding: request.body, as: UTF8.self))."
    try connection.send(status: 200, body: Array(text.utf8))
  }
}

/// Sends bytes on a new connection and returns all bytes until the server closes it.
private func exchange(_ text: String, with server: LoopbackServer) throws -> String {
  let client = try RawClient(port: server.port)
  try client.send(text)
  client.finishSending()
  return try client.receiveToEnd().text
}

@Suite struct RequestTests {
  @Test func theTargetIsNeverNormalised() throws {
    let server = try describingServer()
    defer { server.stop() }
    let target = "/a//b/./../c%2F%zz/?q=1&&q=?"
    let reply = try exchange("GET \(target) HTTP/1.1\r\n\r\n", with: server)
    #expect(reply.hasSuffix("GET \(target) [] ."))
  }

  @Test func headersKeepOrderRepetitionAndCase() throws {
    let server = try describingServer()
    defer { server.stop() }
    let reply = try exchange(
      "GET / HTTP/1.1\r\nB:  x \r\na: 1\r\nb: y\r\nEmpty:\r\n\r\n", with: server)
    #expect(reply.hasSuffix("[B=x|a=1|b=y|Empty=] ."))
  }

  @Test func aHeaderIsFoundWithoutRegardToCase() {
    let request = ReceivedHTTPRequest(
      method: "GET", target: "/p?q",
      headers: [(name: "X-Key", value: "1"), (name: "x-key", value: "2")])
    #expect(request.header("X-KEY") == "1")
    #expect(request.allHeaders("x-Key") == ["1", "2"])
    #expect(request.path == "/p")
    #expect(request.query == "q")
  }

  @Test func aBodyOfContentLengthArrivesInPieces() throws {
    let server = try describingServer()
    defer { server.stop() }
    let client = try RawClient(port: server.port)
    try client.send("POST / HTTP/1.1\r\nContent-Length: 6\r\n\r\nab")
    try client.send("cdef")
    #expect(try client.receive(until: ".").hasSuffix(" abcdef."))
  }

  @Test func aLargeBodyArrivesWhole() throws {
    let server = try LoopbackServer { request, connection in
      let sum = request.body.reduce(0) { $0 &+ Int($1) }
      try connection.send(status: 200, body: Array("\(request.body.count) \(sum).".utf8))
    }
    defer { server.stop() }
    let body = [UInt8](repeating: 3, count: 300_000)
    let client = try RawClient(port: server.port)
    try client.send(Array("POST / HTTP/1.1\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body)
    #expect(try client.receive(until: ".").hasSuffix("300000 900000."))
  }

  @Test func aChunkedBodyIsPutTogether() throws {
    let server = try describingServer()
    defer { server.stop() }
    let reply = try exchange(
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n",
      with: server)
    #expect(reply.hasSuffix(" abc0123456789."))
  }

  @Test func requestsSentAtOnceAreAnsweredInOrder() throws {
    let server = try describingServer()
    defer { server.stop() }
    let reply = try exchange("GET /1 HTTP/1.1\r\n\r\n\r\nGET /2 HTTP/1.1\r\n\r\n", with: server)
    let first = try #require(reply.range(of: "/1"))
    let second = try #require(reply.range(of: "/2"))
    #expect(first.lowerBound < second.lowerBound)
  }

  @Test func aClientThatExpectsContinueGetsItBeforeItsBody() throws {
    let server = try describingServer()
    defer { server.stop() }
    let client = try RawClient(port: server.port)
    try client.send("PUT / HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
    #expect(try client.receive(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
    try client.send("hi")
    #expect(try client.receive(until: ".").hasSuffix(" hi."))
  }

  @Test(arguments: [
    "\u{16}\u{3}\u{1}\u{2}\u{0}",
    "GET /\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n", "G@T / HTTP/1.1\r\n\r\n",
    "GET / HTTP/1.1\r\nno colon\r\n\r\n", "GET / HTTP/1.1\r\nName : v\r\n\r\n",
    "GET / HTTP/1.1\r\nA: 1\r\n folded\r\n\r\n", "GET / HTTP/1.1\r\nA: 1\nB: 2\r\n\r\n",
    "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    "POST / HTTP/1.1\r\nContent-Length: 1x\r\n\r\n",
    "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
  ])
  func aMalformedRequestGets400AndTheConnectionCloses(text: String) throws {
    let server = try describingServer()
    defer { server.stop() }
    let reply = try exchange(text, with: server)
    #expect(reply.hasPrefix("HTTP/1.1 400 Bad Request\r\n"), "\(reply)")
    #expect(reply.contains("Connection: close"))
  }

  @Test func anUnknownTransferEncodingGets501() throws {
    let server = try describingServer()
    defer { server.stop() }
    let reply = try exchange("POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", with: server)
    #expect(reply.hasPrefix("HTTP/1.1 501 "))
  }

  @Test func aHeadBeyondTheLimitGets431() throws {
    let server = try describingServer(maximumHeaderBytes: 1000)
    defer { server.stop() }
    let reply = try exchange(
      "GET / HTTP/1.1\r\nA: \(String(repeating: "x", count: 100_000))\r\n\r\n", with: server)
    #expect(reply.hasPrefix("HTTP/1.1 431 "))
  }

  @Test(arguments: ["Content-Length: 2000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n7d0\r\n"])
  func aBodyBeyondTheLimitGets413(framing: String) throws {
    let server = try describingServer(maximumBodyBytes: 1000)
    defer { server.stop() }
    let reply = try exchange(
      "POST / HTTP/1.1\r\n\(framing)\(String(repeating: "x", count: 2000))", with: server)
    #expect(reply.hasPrefix("HTTP/1.1 413 Payload Too Large\r\n"))
  }

  @Test func aRequestCutShortIsAnsweredByNothing() throws {
    let server = try describingServer()
    defer { server.stop() }
    #expect(try exchange("POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc", with: server).isEmpty)
  }
}
