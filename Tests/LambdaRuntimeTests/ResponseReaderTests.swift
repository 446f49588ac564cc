import TestSupport
import Testing

@testable import LambdaRuntime

/// Yields parts one after the other, then the end of the connection or an error.
private final class Parts: ByteSource {
  private var parts: ArraySlice<[UInt8]>
  private let breaks: Bool

  init(_ parts: [[UInt8]], breaks: Bool = false) {
    self.parts = parts[...]
    self.breaks = breaks
  }

  convenience init(_ parts: String..., breaks: Bool = false) {
    self.init(parts.map { Array($0.utf8) }, breaks: breaks)
  }

  /// Every part has `size` bytes, except the last one.
  convenience init(_ text: String, size: Int) {
    let bytes = Array(text.utf8)
    self.init(
      stride(from: 0, to: bytes.count, by: size).map {
        Array(bytes[$0..<min($0 + size, bytes.count)])
      })
  }

  func receive(into buffer: UnsafeMutableRawBufferPointer) throws(RuntimeAPIError) -> Int {
    guard let part = parts.popFirst() else {
      if breaks { throw RuntimeAPIError(.connectionLost, "the connection broke") }
      return 0
    }
    let taken = part.prefix(buffer.count)
    buffer.copyBytes(from: taken)
    if taken.count < part.count { parts = [Array(part.dropFirst(taken.count))] + parts }
    return taken.count
  }
}

private func read(_ source: Parts, limitBytes: Int = 100_000) throws(RuntimeAPIError)
  -> RuntimeResponse
{
  try ResponseReader().read(from: source, limitBytes: limitBytes)
}

private func text(_ response: RuntimeResponse) -> String {
  String(decoding: response.body, as: UTF8.self)
}

private func failure(_ source: Parts, limitBytes: Int = 100_000) -> RuntimeAPIError? {
  do throws(RuntimeAPIError) {
    _ = try read(source, limitBytes: limitBytes)
    return nil
  } catch {
    return error
  }
}

@Suite struct ResponseReaderTests {
  static let responses = [
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: 1\r\n\r\nhello",
    "HTTP/1.1 200 OK\nContent-Length: 5\nX: 1\n\nhello",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102\r\nX: 0\r\n\r\nHTTP/1.1 200\r\nX:1\r\ncontent-LENGTH:5 \r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nx:\t1 \r\nTransfer-Encoding: Chunked\r\n\r\n2;a=b\r\nhe\r\n003\r\nllo\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nX: 1\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\n0\r\nTrailer: t\r\nX: 2\r\n\r\n",
    "HTTP/1.1 200 OK\r\nX: 1\r\n\r\nhello",
    "HTTP/1.0 200 OK\r\nX: 1\r\nContent-Length: 5\r\n\r\nhello",
  ]

  @Test(arguments: responses)
  func aResponseMayBeSplitAnywhere(response: String) throws {
    for size in 1...response.utf8.count {
      let read = try read(Parts(response, size: size))
      #expect(read.status == 200)
      #expect(text(read) == "hello")
      #expect(read.head["x"] == "1")
    }
  }

  @Test(arguments: responses)
  func aResponseThatEndsEarlyIsAnError(response: String) {
    let bytes = Array(response.utf8)
    // Without a length, the body may end anywhere.
    let isDelimited = response.contains("ength") || response.contains("unked")
    for length in 0..<(isDelimited ? bytes.count : bytes.count - 5) {
      let error = failure(Parts([Array(bytes[..<length])].filter { !$0.isEmpty }))
      // After an interim response, too, nothing of the response has come.
      let hasBegun =
        length > 0 && !bytes[..<length].elementsEqual("HTTP/1.1 100 Continue\r\n\r\n".utf8)
        && !bytes[..<length].elementsEqual(
          "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102\r\nX: 0\r\n\r\n".utf8)
      #expect(error?.kind == (hasBegun ? .incompleteResponse : .connectionLost), "\(length)")
    }
  }

  @Test func theHeadOfAnIncompleteSuccessIsKept() {
    let head = "HTTP/1.1 200 OK\r\nX: 1\r\nContent-Length: 5\r\n\r\n"
    let cut = failure(Parts(head + "he"))
    #expect(cut?.kind == .incompleteResponse)
    #expect(cut?.message == "the connection ended after 2 of 5 bytes")
    #expect(cut?.head?["x"] == "1")
    let broken = failure(Parts(head, "he", breaks: true))
    #expect(broken?.kind == .connectionLost)
    #expect(broken?.head?["x"] == "1")
    let refused = failure(Parts("HTTP/1.1 403 Forbidden\r\nX: 1\r\nContent-Length: 5\r\n\r\nhe"))
    #expect(refused?.kind == .incompleteResponse)
    #expect(refused?.head == nil)
  }

  @Test func namesOfFieldsHaveNoCase() throws {
    let response = try read(
      Parts("HTTP/1.1 202 Accepted\r\nLAMBDA-id: a\r\nlambda-ID: b\r\nCONTENT-LENGTH: 0\r\n\r\n"))
    #expect(response.head["lambda-id"] == "a", "the first one")
    #expect(response.head["lambda"] == nil)
  }

  @Test func whatIsNotAFieldIsIgnored() throws {
    let response = try read(
      Parts(
        "HTTP/1.1 200 OK: 1\r\nnothing\r\n a: folded\r\n: x\r\nA: b:c\r\nContent-Length:0\r\n\r\n"))
    #expect(response.head["a"] == "b:c")
  }

  @Test func aConnectionIsKeptUnlessTheServerEndsIt() throws {
    let cases = [
      ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true),
      ("HTTP/1.1 200 OK\r\nConnection: Upgrade, Close\r\nContent-Length: 0\r\n\r\n", false),
      ("HTTP/1.1 200 OK\r\nConnection: closed\r\nContent-Length: 0\r\n\r\n", true),
      ("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", false),
      ("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", true),
      ("HTTP/1.1 204 No Content\r\n\r\n", true),
      ("HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", true),
      ("HTTP/1.1 200 OK\r\n\r\n", false),
      // More than was requested.
      ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab", false),
      ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", false),
    ]
    for (response, isKept) in cases {
      #expect(try read(Parts(response)).leavesConnection == isKept, "\(response)")
    }
  }

  @Test func responsesFollowOneAnother() throws {
    let reader = ResponseReader()
    let source = Parts(
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na",
      "HTTP/1.1 202 OK\r\nContent-Length: 0\r\n\r\n")
    #expect(try reader.read(from: source, limitBytes: 1).status == 200)
    #expect(try reader.read(from: source, limitBytes: 1).status == 202)
  }

  @Test func headsOfManyKilobytesAreReadUpToALimit() throws {
    let value = String(repeating: "v", count: 50_000)
    let fields = String(repeating: "A: b\r\n", count: 2_000)
    let response = "HTTP/1.1 200 OK\r\n\(fields)X: \(value)\r\nContent-Length: 5\r\n\r\nhello"
    #expect(response.utf8.count < ResponseReader.maximumHeadBytes)
    for size in [1_000, 16_384, 70_000] {
      let read = try read(Parts(response, size: size))
      #expect(read.head["x"] == value)
      #expect(text(read) == "hello")
    }
    let longer = "HTTP/1.1 200 OK\r\nX: \(value)\(value)\r\n\r\n"
    #expect(failure(Parts(longer, size: 1_000))?.kind == .malformedResponse)
    let endless = Parts(
      [Array("HTTP/1.1 200 OK\r\n".utf8)] + Array(repeating: Array(fields.utf8), count: 100))
    #expect(failure(endless)?.kind == .malformedResponse)
  }

  @Test(arguments: [
    "\u{0}\u{1}garbage", "HTTP/2 200\r\n\r\n", "HTTP/1.2 200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n",
    "HTTP/1.1 2000 OK\r\n\r\n",
    "HTTP/1.1 099 OK\r\n\r\n", "\r\nHTTP/1.1 200 OK\r\n\r\n", "http/1.1 200 OK\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
  ])
  func whatIsNotHTTPIsRefused(response: String) {
    for size in 1...response.utf8.count {
      #expect(failure(Parts(response, size: size))?.kind == .malformedResponse)
    }
  }

  @Test func theSameLengthTwiceIsOneLength() throws {
    let response = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\ncontent-length: 5\r\n\r\nhello"
    #expect(text(try read(Parts(response))) == "hello")
  }

  @Test func aChunkedBodyIgnoresAContentLength() throws {
    let response =
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    #expect(text(try read(Parts(response))) == "hello")
  }

  @Test(arguments: [
    "Content-Length: 5\r\n\r\nhello",
    "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
    "\r\nhello",
  ])
  func aSuccessIsHeldToTheLimitAndAnErrorIsNot(rest: String) throws {
    let success = "HTTP/1.1 200 OK\r\nX: 1\r\n" + rest
    #expect(text(try read(Parts(success), limitBytes: 5)) == "hello")
    let error = failure(Parts(success), limitBytes: 4)
    #expect(error?.kind == .bodyTooLarge)
    #expect(error?.message.hasSuffix("the limit is 4") == true)
    #expect(error?.head?["x"] == "1")
    let refusal = try read(Parts("HTTP/1.1 413 Too Large\r\n" + rest), limitBytes: 4)
    #expect(refusal.status == 413)
    #expect(!refusal.leavesConnection)
  }

  @Test func bodiesOfManyMegabytesAreComplete() throws {
    var generator = SeededGenerator(seed: 22)
    let body = (0..<3_000_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n".utf8)
    let chunks = stride(from: 0, to: body.count, by: 70_001).map {
      let chunk = body[$0..<min($0 + 70_001, body.count)]
      return Array((String(chunk.count, radix: 16) + "\r\n").utf8) + chunk + [13, 10]
    }
    let chunkedHead = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
    for size in [1_460, 65_483, 4_000_000] {
      for bytes in [head + body, chunkedHead + chunks.joined() + Array("0\r\n\r\n".utf8)] {
        let parts = stride(from: 0, to: bytes.count, by: size).map {
          Array(bytes[$0..<min($0 + size, bytes.count)])
        }
        let response = try read(Parts(parts), limitBytes: body.count)
        #expect(response.body == body)
        #expect(response.leavesConnection)
      }
    }
  }
}
