import JSON
import LoopbackServer
import TestSupport
import Testing

/// The line that every classified image leaves in the log.
@Suite struct ResultLineTests {
  private static let image = Answer(
    200, [("ETag", "\"tag\""), ("x-amz-version-id", "v1")], bytes: [0xFF, 0xD8, 0xFF, 0xD9])

  private func lines(
    _ event: String, environment: [String: String] = [:], s3: [Answer] = [image]
  ) throws -> [String] {
    let fixture = try Fixture(s3: s3, environment: environment)
    defer { fixture.stop() }
    _ = fixture.say(event)
    return fixture.lines.all.filter { !$0.contains("_aws") }
  }

  @Test func aJSONLineNamesTheImageItsClassAndItsResult() throws {
    let written = try lines(
      notification("uploads/a+b.jpg"),
      environment: [
        "AWS_LAMBDA_LOG_FORMAT": "JSON", "RESULT_BUCKET": "results", "RESULT_PREFIX": "dogs",
      ], s3: [Self.image, Answer(200)])
    #expect(written.count == 1)
    let line = try JSONValue(parsing: try #require(written.first.map { String($0.dropLast()) }))
    #expect(line["level"] == "INFO")
    #expect(line["requestId"] == "request-1")
    #expect(line["bucket"] == "photos")
    #expect(line["key"] == "uploads/a b.jpg")
    #expect(line["versionId"] == "v1")
    #expect(line["class"] == "1")
    #expect((line["probability"]?.doubleValue ?? 0) > 0.8)
    #expect((line["s3Milliseconds"]?.int64Value ?? -1) >= 0)
    #expect((line["endpointMilliseconds"]?.int64Value ?? -1) >= 0)
    #expect(line["imageBytes"] == 4)
    #expect(line["resultKey"] == "dogs/photos/uploads/a b.jpg.json")
    let message = try #require(line["message"]?.stringValue)
    #expect(message.hasPrefix("s3://photos/uploads/a b.jpg version v1: 1 0.8"))
  }

  @Test func aPlainLineSaysTheSame() throws {
    let written = try lines(
      notification("a.jpg"), environment: ["RESULT_BUCKET": "results"],
      s3: [Self.image, Answer(200)])
    let line =
      /[^\t]+\trequest-1\tINFO\ts3:\/\/photos\/a\.jpg version v1: 1 0\.8\d+ \(S3 \d+ ms, endpoint \d+ ms, 4 bytes\), result photos\/a\.jpg\.json\n/
    #expect(written.first?.wholeMatch(of: line) != nil, "\(written)")
  }

  @Test func everyImageHasOneAlsoWhereAnotherFails() throws {
    let written = try lines(notification("a.jpg", "bad%ZZ", "b.jpg"))
    #expect(written.filter { $0.contains("\tINFO\ts3://photos/") }.count == 2)
  }

  @Test(arguments: [
    #"{"url":"https://example.com/a.jpg"}"#,
    httpRequest(type: "image/jpeg", body: "/9j/2Q==")
      .replacing(#""isBase64Encoded":false"#, with: #""isBase64Encoded":true"#),
  ])
  func anImageThatIsNoObjectHasNoFieldsOfOne(event: String) throws {
    let written = try lines(event, environment: ["AWS_LAMBDA_LOG_FORMAT": "JSON"])
    let line = try JSONValue(parsing: try #require(written.first.map { String($0.dropLast()) }))
    #expect(line["class"] == "1")
    for name in ["bucket", "key", "versionId", "s3Milliseconds", "resultKey"] {
      #expect(line[name] == nil)
    }
  }

  @Test func anImageThatTheContainerReadsHasNoSize() throws {
    let written = try lines(
      notification("a.jpg"),
      environment: ["AWS_LAMBDA_LOG_FORMAT": "JSON", "INPUT_MODE": "presigned-url"])
    let line = try JSONValue(parsing: try #require(written.first.map { String($0.dropLast()) }))
    #expect(line["key"] == "a.jpg")
    #expect(line["imageBytes"] == nil)
    #expect(line["s3Milliseconds"] == nil)
  }

  @Test(arguments: [["LOG_RESULTS": "off"], ["AWS_LAMBDA_LOG_LEVEL": "WARN"]])
  func itCanBeTurnedOff(environment: [String: String]) throws {
    #expect(try lines(notification("a.jpg"), environment: environment).isEmpty)
  }
}
