import AWSClient
import HTTPClient
import Platform
import S3
import SigV4
import TestSupport
import Testing

private typealias Answer = ScriptedServer.Answer

@Suite struct GetStartTests {
  private func read(
    _ answer: Answer, byteCount: Int = 4
  ) throws -> (result: Result<S3ObjectStart, AWSError>, server: ScriptedServer) {
    let server = try ScriptedServer([answer])
    defer { server.stop() }
    let http = try HTTPClient(trust: TrustStore(primary: .amazonTrustServices), proxy: .direct)
    let configuration = try AWSConfiguration(
      environment: Environment(["AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL_S3": server.baseURL]))
    let context = CallContext(
      credentials: AWSCredentials(accessKeyID: "A", secretAccessKey: "S"),
      deadline: .after(milliseconds: 10_000, on: .system), traceID: nil,
      log: Log(environment: Environment([:])) { _ in })
    var result: Result<S3ObjectStart, AWSError>?
    S3Client(aws: AWSClient(configuration: configuration, http: http)).getStart(
      bucket: "photos", key: "a.jpg", byteCount: byteCount, in: context
    ) { result = $0 }
    http.run()
    return (try #require(result), server)
  }

  @Test func onlyTheFirstBytesAreAskedForAndTheRangeIsSigned() throws {
    let headers = [
      ("ETag", "\"abc\""), ("x-amz-version-id", "v7"), ("Content-Range", "bytes 0-3/96418"),
    ]
    let (result, server) = try read(Answer(206, headers, body: "byte"))
    let start = try result.get()
    #expect(start.bytes == Array("byte".utf8))
    #expect(start.eTag == "\"abc\"" && start.versionID == "v7" && start.sizeBytes == 96_418)
    let request = try #require(server.requests.first)
    #expect(request.target == "/photos/a.jpg", "the latest version")
    #expect(request.header("Range") == "bytes=0-3")
    #expect(request.header("Authorization")?.contains("range;") == true)
    #expect(request.header("x-amz-checksum-mode") == nil)
  }

  /// S3 sends it with a range that covers the object, and other servers with any.
  @Test func aChecksumOfTheWholeObjectIsNotComparedWithItsFirstBytes() throws {
    let headers = [("x-amz-checksum-crc32", "AAAAAA=="), ("Content-Range", "bytes 0-3/9")]
    #expect(try read(Answer(206, headers, body: "byte")).result.get().bytes.count == 4)
  }

  @Test func aShortObjectOfAServerWithoutRangesHasItsSize() throws {
    #expect(try read(Answer(200, body: "abc")).result.get().sizeBytes == 3)
  }

  @Test func aServerWithoutRangesCannotSendAWholeImage() throws {
    guard case .failure(let error) = try read(Answer(200, body: "a whole image")).result else {
      return #expect(Bool(false), "it is refused")
    }
    #expect(error.code == .bodyTooLarge)
  }

  @Test func anEmptyObjectHasNoFirstByte() throws {
    let answer = Answer(416, body: "<Error><Code>InvalidRange</Code><Message>m</Message></Error>")
    guard case .failure(let error) = try read(answer).result else {
      return #expect(Bool(false), "it is refused")
    }
    #expect(error.status == 416 && error.code.rawValue == "InvalidRange")
  }
}
