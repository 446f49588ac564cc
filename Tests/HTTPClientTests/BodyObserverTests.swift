import HTTPClient
import LoopbackServer
import TestSupport
import Testing

private final class Observer: BodyObserver {
  let keepsBody: Bool
  let buffer = BodyBuffer()
  private(set) var beginnings: [Int?] = []

  init(keepsBody: Bool) { self.keepsBody = keepsBody }

  func begin(_ headers: HTTPHeaders, declaredBytes: Int?) {
    beginnings.append(declaredBytes)
    buffer.begin(expectedBytes: declaredBytes ?? 0)
  }

  func place(forBytes count: Int) -> UnsafeMutableRawPointer? { buffer.place(forBytes: count) }

  func take(_ bytes: UnsafeRawBufferPointer) { buffer.append(bytes) }

  var bytes: [UInt8] { Array(buffer.bytes) }
}

@Suite struct BodyObserverTests {
  private func perform(
    _ request: HTTPRequest, _ client: HTTPClient, observer: Observer
  ) throws -> HTTPResponse {
    var result: Result<HTTPResponse, HTTPError>?
    client.start(request, observer: observer) { result = $0 }
    client.run()
    return try #require(result).get()
  }

  @Test(arguments: [0, 1, 100_000, 3_000_000], [false, true])
  func allBytesOfASuccessAreTaken(size: Int, keepsBody: Bool) throws {
    let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let server = try LoopbackServer { _, connection in
      try connection.send(status: 200, body: body)
    }
    defer { server.stop() }
    let observer = Observer(keepsBody: keepsBody)
    let request = get(server.baseURL + "/", maximumBodyBytes: 4 << 20)
    let response = try perform(request, makeClient(), observer: observer)
    #expect(observer.bytes == body)
    #expect(observer.beginnings == [size])
    #expect(response.body == (keepsBody ? [] : body))
  }

  @Test func theBodyOfAnErrorIsTheResponses() throws {
    let server = try LoopbackServer { _, connection in
      try connection.send(status: 404, body: [1, 2])
    }
    defer { server.stop() }
    let observer = Observer(keepsBody: true)
    let response = try perform(get(server.baseURL + "/"), makeClient(), observer: observer)
    #expect(response.body == [1, 2])
    #expect(observer.beginnings.isEmpty)
  }

  /// As libcurl reads it, whose status decides whether the body is used.
  @Test(arguments: ["HTTP/1.1 200 OK", "HTTP/1.1  200 OK", "HTTP/1.1 200", "HTTP/1.0 206 Part"])
  func theBodyIsTakenWhateverTheFormOfTheStatusLine(line: String) throws {
    let server = try ScriptedServer([.raw("\(line)\r\nContent-Length: 3\r\n\r\nabc")])
    defer { server.stop() }
    let observer = Observer(keepsBody: true)
    let response = try perform(get(server.baseURL + "/"), makeClient(), observer: observer)
    #expect(response.status / 100 == 2)
    #expect(observer.bytes == Array("abc".utf8))
  }

  @Test func aLongerBodyThanAllowedIsRefusedAlsoIfItIsKeptElsewhere() throws {
    let server = try ScriptedServer([
      .raw(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n123456\r\n5\r\n78901\r\n0\r\n\r\n"
      )
    ])
    defer { server.stop() }
    let observer = Observer(keepsBody: true)
    #expect(throws: HTTPError.self) {
      try perform(
        get(server.baseURL + "/", maximumBodyBytes: 10), makeClient(), observer: observer)
    }
    #expect(observer.buffer.count <= 10)
  }

  @Test(arguments: [0, 1, 65_536, 100_000, 3_000_000])
  func aReceivedBodyIsSentOnWhole(size: Int) throws {
    let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 11) }
    let sent = Recorder<[UInt8]>()
    let server = try LoopbackServer { request, connection in
      if request.method == "GET" { return try connection.send(status: 200, body: body) }
      sent.add(request.body)
      try connection.send(status: 200)
    }
    defer { server.stop() }
    let client = try makeClient()
    let observer = Observer(keepsBody: true)
    _ = try perform(
      get(server.baseURL + "/", maximumBodyBytes: 4 << 20), client, observer: observer)
    var request = post(server.baseURL + "/", [])
    request.bodyBuffer = observer.buffer
    _ = try client.send(request)
    // An ordinary body of the same handle is not that of the request before.
    _ = try client.send(post(server.baseURL + "/", [1, 2, 3]))
    #expect(sent.all == [body, [1, 2, 3]])
  }

  /// As a server that resets an idle connection does: libcurl repeats the request on another.
  @Test func aReceivedBodyIsSentAgainOnAnotherConnection() throws {
    let buffer = BodyBuffer()
    [UInt8](repeating: 7, count: 300_000).withUnsafeBytes { buffer.append($0) }
    let sent = Recorder<Int>()
    let server = try LoopbackServer { request, connection in
      sent.add(request.body.count)
      if sent.all.count == 2 { return connection.reset() }
      try connection.send(status: 200)
    }
    defer { server.stop() }
    let client = try makeClient()
    var request = post(server.baseURL + "/", [])
    request.bodyBuffer = buffer
    for _ in 0..<2 { #expect(try client.send(request).status == 200) }
    #expect(sent.all == [300_000, 300_000, 300_000])
  }
}

@Suite struct BodyBufferTests {
  @Test(arguments: [0, 3, 100])
  func bytesInTheirPlaceStayThere(expectedBytes: Int) throws {
    let buffer = BodyBuffer()
    buffer.begin(expectedBytes: expectedBytes)
    [UInt8]([1, 2, 3]).withUnsafeBytes { buffer.append($0) }
    let place = try #require(buffer.place(forBytes: 50))
    for index in 0..<50 { place.storeBytes(of: UInt8(index), toByteOffset: index, as: UInt8.self) }
    // libcurl reports what it received in parts.
    buffer.append(UnsafeRawBufferPointer(start: place, count: 20))
    buffer.append(UnsafeRawBufferPointer(start: place + 20, count: 10))
    #expect(Array(buffer.bytes) == [1, 2, 3] + (0..<30).map { UInt8($0) })
    #expect(buffer.bytes.baseAddress.map { $0 + 3 } == UnsafeRawPointer(place))
    buffer.append(UnsafeRawBufferPointer(start: place, count: 2))
    #expect(Array(buffer.bytes.suffix(3)) == [29, 0, 1])
  }
}
