import AWSClient
import Foundation
import HTTPClient
import Platform
import S3
import SigV4
import TestSupport
import Testing

private typealias Answer = ScriptedServer.Answer

/// Reads one object from a scripted server.
private func read(
  _ answers: [Answer], key: String = "key", versionID: String? = nil, maximumBytes: Int = 1000,
  isSentOn: Bool = false, logLevel: String = "INFO", lines: Recorder<String> = Recorder()
) throws -> (result: Result<S3Object, AWSError>, server: ScriptedServer) {
  let server = try ScriptedServer(answers)
  defer { server.stop() }
  let http = try HTTPClient(trust: TrustStore(primary: .amazonTrustServices), proxy: .direct)
  let configuration = try AWSConfiguration(
    environment: Environment(["AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL_S3": server.baseURL]))
  let log = Log(environment: Environment(["AWS_LAMBDA_LOG_LEVEL": logLevel])) {
    lines.add(String(decoding: $0, as: UTF8.self))
  }
  let context = CallContext(
    credentials: AWSCredentials(accessKeyID: "A", secretAccessKey: "S"),
    deadline: .after(milliseconds: 10_000, on: .system), traceID: nil, log: log)
  var result: Result<S3Object, AWSError>?
  S3Client(aws: AWSClient(configuration: configuration, http: http)).getObject(
    bucket: "photos", key: key, versionID: versionID, maximumBytes: maximumBytes,
    isSentOn: isSentOn, in: context
  ) { result = $0 }
  http.run()
  return (try #require(result), server)
}

private func error(_ result: Result<S3Object, AWSError>) -> AWSError? {
  if case .failure(let error) = result { error } else { nil }
}

@Suite struct GetObjectTests {
  @Test func anObjectIsReadWithItsTagAndVersion() throws {
    let headers = [("ETag", "\"abc\""), ("x-amz-version-id", "v7"), ("Content-Type", "image/jpeg")]
    let (result, server) = try read([Answer(200, headers, body: "bytes")], versionID: "v7")
    let object = try result.get()
    #expect(object.bytes == Array("bytes".utf8))
    #expect(object.eTag == "\"abc\"")
    #expect(object.versionID == "v7")
    #expect(object.contentType == "image/jpeg")
    #expect(server.requests.first?.target == "/photos/key?versionId=v7")
    #expect(server.requests.first?.header("x-amz-checksum-mode") == "ENABLED")
  }

  @Test(arguments: [
    ("a b+c%d=e", "/photos/a%20b%2Bc%25d%3De"), ("a//b/../c", "/photos/a//b/../c"),
    ("/x", "/photos//x"), ("ü🐕", "/photos/%C3%BC%F0%9F%90%95"), ("a?b#c", "/photos/a%3Fb%23c"),
    ("~-._!*'()", "/photos/~-._%21%2A%27%28%29"),
  ])
  func aKeyIsEncodedOnceAndNeverNormalised(key: String, target: String) throws {
    #expect(try read([Answer(200)], key: key).server.requests.first?.target == target)
  }

  @Test func anObjectOverTheLimitIsRefusedByItsDeclaredLength() throws {
    let answer = Answer.raw("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n")
    let (result, server) = try read([answer])
    #expect(error(result)?.code == .bodyTooLarge)
    #expect(error(result)?.message.contains("1001 bytes") == true)
    #expect(server.requests.count == 1)
  }

  @Test func anErrorIsToldAlsoWhenItsTextIsLongerThanTheImageLimit() throws {
    let body = "<Error><Code>NoSuchKey</Code><Message>The key does not exist.</Message></Error>"
    let (result, _) = try read([Answer(404, body: body)], maximumBytes: 10)
    #expect(error(result)?.code == .noSuchKey)
  }

  @Test func aBodyShorterThanItsLengthIsReadAgain() throws {
    let short = Answer.raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab")
    let (result, server) = try read([short, Answer(200, body: "whole")])
    #expect(try result.get().bytes == Array("whole".utf8))
    #expect(server.requests.count == 2)
  }

  /// The bytes of the first attempt are neither kept nor hashed.
  @Test func anObjectThatIsSentOnHasTheHashOfItsLastAttempt() throws {
    let short = Answer.raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab")
    let wrong = Answer(200, [("x-amz-checksum-crc32", "AAAAAA==")], body: "wrong")
    let right = Answer(200, [("x-amz-checksum-crc32", "y/Q5Jg==")], body: "123456789")
    for answers in [[right], [short, right], [wrong, right]] {
      let object = try read(answers, isSentOn: true).result.get()
      let received = try #require(object.receivedBody)
      #expect(Array(received.buffer.bytes) == Array("123456789".utf8))
      #expect(received.hash == .of(Array("123456789".utf8)))
      #expect(object.byteCount == 9)
      #expect(object.bytes.isEmpty)
    }
  }

  @Test func aBodyThatStaysShortIsAnError() throws {
    let short = Answer.raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab")
    let (result, server) = try read([short])
    #expect(error(result)?.code == .connection)
    #expect(server.requests.count == 3)
  }

  @Test func deniedAccessNamesTheActionThatTheRoleNeeds() throws {
    let denied = Answer(403, body: "<Error><Code>AccessDenied</Code></Error>")
    #expect(error(try read([denied]).result)?.message.contains("s3:GetObject on") == true)
    #expect(
      error(try read([denied], versionID: "1").result)?.message.contains("s3:GetObjectVersion")
        == true)
  }
}

@Suite struct ChecksumTests {
  /// The standard check string "123456789" with the values of the CRC catalogue and of FIPS 180-4.
  static let known = [
    ("x-amz-checksum-crc32", "y/Q5Jg=="), ("x-amz-checksum-crc32c", "4waSgw=="),
    ("x-amz-checksum-crc64nvme", "rosUhgp5mIg="),
    ("x-amz-checksum-sha1", "98O8HYCOBHMq32eZZczDTKeuNEE="),
    ("x-amz-checksum-sha256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="),
  ]

  @Test(arguments: known)
  func aRightChecksumIsAccepted(header: String, value: String) throws {
    let (result, _) = try read([Answer(200, [(header, value)], body: "123456789")])
    #expect(try result.get().bytes.count == 9)
  }

  @Test(arguments: known)
  func aWrongChecksumIsRefusedAndNamed(header: String, value: String) throws {
    let (result, server) = try read([Answer(200, [(header, value)], body: "123456780")])
    #expect(error(result)?.code == .checksumMismatch)
    #expect(error(result)?.message.contains(header) == true)
    #expect(error(result)?.message.contains("2 attempts") == true)
    #expect(error(result)?.retryCanHelp == true)
    #expect(server.requests.count == 2)
  }

  @Test func anObjectThatWasDamagedOnceIsReadAgain() throws {
    let checksum = [("x-amz-checksum-crc32", "y/Q5Jg==")]
    let (result, server) = try read([
      Answer(200, checksum, body: "123456780"), Answer(200, checksum, body: "123456789"),
    ])
    #expect(try result.get().bytes == Array("123456789".utf8))
    #expect(server.requests.count == 2)
  }

  @Test(arguments: [
    [("x-amz-checksum-crc32", "AAAAAA==-3")],
    [("x-amz-checksum-crc32", "AAAAAA=="), ("x-amz-checksum-type", "COMPOSITE")],
  ])
  func aCompositeChecksumIsSkippedWithADebugLine(headers: [(String, String)]) throws {
    let lines = Recorder<String>()
    let (result, _) = try read([Answer(200, headers, body: "x")], logLevel: "DEBUG", lines: lines)
    #expect(try result.get().bytes == [UInt8(ascii: "x")])
    #expect(lines.all.contains { $0.contains("DEBUG") && $0.contains("composite") })
  }
}
