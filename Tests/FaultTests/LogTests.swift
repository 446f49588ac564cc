import Foundation
import JSON
import LoopbackServer
import RuntimeEmulator
import TestSupport
import Testing

/// The log at its most verbose level, and what it must not contain.
@Suite struct LogTests {
  private static let secret = "SECRETKEYMARKER"
  private static let token = "SESSIONTOKENMARKER"
  private static let payloads = ["EVENTMARKER", "IMAGEMARKER"]

  /// The lines about a success, a skipped record, a missing object, a broken model and nonsense.
  private func lines(format: String) throws -> [String] {
    let emulator = try RuntimeEmulator()
    defer { emulator.stop() }
    let aws = try LoopbackServer { request, connection in
      switch request.path {
      case "/b/good.jpg", "/b/broken.jpg":
        try connection.send(status: 200, body: Array("IMAGEMARKER \(request.path)".utf8))
      case "/endpoints/e/invocations":
        let isGood = String(decoding: request.body, as: UTF8.self).contains("good")
        try connection.send(
          status: isGood ? 200 : 424,
          headers: isGood ? [] : [("x-amzn-ErrorType", "ModelError")],
          body: Array((isGood ? "[[-1,2]]" : #"{"Message":"two\nlines"}"#).utf8))
      default: try connection.send(status: 404)
      }
    }
    defer { aws.stop() }
    let process = try BootstrapProcess(environment: [
      "AWS_LAMBDA_RUNTIME_API": emulator.address, "AWS_REGION": "us-east-1",
      "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": Self.secret,
      "AWS_SESSION_TOKEN": Self.token, "ENDPOINT_NAME": "e", "AWS_ENDPOINT_URL": aws.baseURL,
      "AWS_LAMBDA_LOG_FORMAT": format, "AWS_LAMBDA_LOG_LEVEL": "TRACE", "SIGTERM_HANDLING": "1",
      // Metrics have their own format.
      "METRICS": "off",
    ])
    func record(_ event: String, _ key: String) -> String {
      #"{"y":"EVENTMARKER","Records":[{"eventName":"\#(event)","s3":{"bucket":{"name":"b"},"object":{"key":"\#(key)"}}}]}"#
    }
    for event in [
      record("ObjectCreated:Put", "good.jpg"), record("ObjectRemoved:Delete", "a%0Ab%22%0D.jpg"),
      record("ObjectCreated:Put", "no%0Aline.jpg"), record("ObjectCreated:Put", "broken.jpg"),
      #"{"x":"EVENTMARKER"}"#, #"["EVENTMARKER""#,
    ] { _ = emulator.invoke(Array(event.utf8)) }
    process.stop()
    return process.log
  }

  @Test func aFailureHasFieldsToGroupBy() throws {
    let records = try lines(format: "JSON").filter { !Self.isMetric($0) }
      .map { try JSONValue(parsing: $0) }
    let failure = try #require(
      records.first { $0["errorType"] == "SageMaker.ModelError" && $0["level"] == "ERROR" })
    #expect(failure["bucket"] == "b")
    #expect(failure["key"] == "broken.jpg")
    #expect(failure["awsErrorCode"] == "ModelError")
    #expect(failure["httpStatus"] == 424)
    #expect(failure["attempts"] == 1)
  }

  @Test(arguments: ["Text", "JSON"])
  func neitherSecretsNorPayloadsAreLoggedAtAnyLevel(format: String) throws {
    let all = try lines(format: format).joined(separator: "\n")
    #expect(!all.contains(Self.secret))
    #expect(!all.contains(Self.token))
    for payload in Self.payloads { #expect(!all.contains(payload)) }
  }

  /// Lines in CloudWatch's embedded metric format are JSON regardless of the log format.
  private static func isMetric(_ line: String) -> Bool { line.contains(#""_aws":"#) }

  @Test func everyPlainLineHasItsFourParts() throws {
    let lines = try lines(format: "Text").filter { !Self.isMetric($0) }
    #expect(lines.count >= 5)
    for line in lines {
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
      try #require(parts.count == 4, "\(line)")
      #expect(parts[1].utf8.count == 36, "the request id")
    }
  }

  @Test func everyJSONLineHasItsFourMembers() throws {
    let lines = try lines(format: "JSON").filter { !Self.isMetric($0) }
    #expect(lines.count >= 5)
    for line in lines {
      let record = try JSONValue(parsing: line)
      let names = record.objectValue?.members.map(\.key) ?? []
      #expect(names.prefix(4) == ["timestamp", "level", "requestId", "message"])
      #expect(record["requestId"]?.stringValue?.utf8.count == 36)
      #expect(record["timestamp"]?.stringValue?.utf8.count == 24)
    }
  }
}
