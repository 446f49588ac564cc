import Foundation
import JSON
import LoopbackServer
import RuntimeEmulator
import TestSupport
import Testing

/// Every text that comes from outside repeats every secret that was sent, and nothing that leaves the process
/// may hold one of them: log lines, error reports with their headers, answers.
@Suite struct SecretTests {
  private static let token = "IQoJb3JpZ2luX2VjEHEaCXVzLWVhc3QtMSJH/MEUCIQ+Dq=="
  private static let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
  private static let keyID = "ASIAIOSFODNN7EXAMPLE"
  /// What must not be seen, in whatever spelling.
  private static let traces = [
    "IQoJb3JpZ2lu", "MEUCIQ", "wJalrXUtnFEMI", "bPxRfiCYEXAMPLEKEY", keyID, "SIGNATUREMARKER",
  ]

  /// The secrets as somebody who got the request repeats them; `url` is the one that the container got.
  private static func echo(_ url: String) -> String {
    let encoded = token.replacingOccurrences(of: "/", with: "%2F")
      .replacingOccurrences(of: "+", with: "%2B").replacingOccurrences(of: "=", with: "%3D")
    return "HTTPError: 403 Client Error: Forbidden for url: \(url)\n\(token) \(encoded) "
      + "\(encoded.replacingOccurrences(of: "%", with: "%25")) \(secret) \(keyID)\n"
      + "Authorization: AWS4-HMAC-SHA256 Credential=\(keyID)/20261125/us-east-1/s3/aws4_request, "
      + "SignedHeaders=host, Signature=SIGNATUREMARKER\nX-Amz-Security-Token: \(token)"
  }

  /// One foreign text that holds them.
  struct Place: Sendable, CustomTestStringConvertible {
    let name: String
    let answer:
      @Sendable (_ echo: String) -> (status: Int, headers: [(String, String)], body: String)
    var testDescription: String { name }
  }

  private static func json(_ members: [String: Any]) -> String {
    let data = try? JSONSerialization.data(withJSONObject: members)
    return data.map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  private static func line(_ text: String) -> String {
    text.replacingOccurrences(of: "\n", with: " ")
  }

  static let places = [
    Place(name: "ModelError's message") {
      (424, [("x-amzn-ErrorType", "ModelError")], json(["Message": $0, "OriginalStatusCode": 500]))
    },
    Place(name: "ModelError's original message and log") {
      (
        424, [("x-amzn-ErrorType", "ModelError")],
        json(["OriginalMessage": $0, "LogStreamArn": $0, "OriginalStatusCode": 400])
      )
    },
    Place(name: "a plain-text 403") { (403, [], $0) },
    Place(name: "a page of a proxy") { (502, [], "<html><body>\($0)</body></html>") },
    Place(name: "XML") {
      (
        403, [],
        "<Error><Code>AccessDenied</Code><Message>\($0)</Message><RequestId>\($0)</RequestId></Error>"
      )
    },
    Place(name: "the code and the request id") {
      (400, [("x-amzn-ErrorType", line($0)), ("x-amzn-RequestId", line($0))], "{}")
    },
    Place(name: "a code in JSON") { (400, [], json(["__type": $0, "message": $0])) },
    Place(name: "a reply that is not JSON") { (200, [("Content-Type", line($0))], $0) },
    Place(name: "a reply's error") { (200, [], json(["error": $0])) },
    Place(name: "a reply's rows") { (200, [("Content-Type", "text/csv")], "\(line($0)),2") },
    Place(name: "labels of a success") {
      (200, [], json(["probabilities": [0.4, 0.6], "labels": [$0, "cat"]]))
    },
    Place(name: "the variant of a success") {
      (200, [("x-Amzn-Invoked-Production-Variant", line($0))], "[[1,2]]")
    },
  ]

  private static func http(_ body: String) -> String {
    json([
      "version": "2.0", "rawPath": "/", "isBase64Encoded": false, "body": body,
      "headers": ["content-type": "application/json"],
      "requestContext": ["http": ["method": "POST", "path": "/"]],
    ])
  }

  private static let events = [
    #"{"Records":[{"s3":{"bucket":{"name":"b"},"object":{"key":"k"}}}]}"#,
    #"{"Records":[{"messageId":"1","eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:us-east-1:1:q","body":"#
      + #""{\"Records\":[{\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"k\"}}}]}"}]}"#,
    #"{"invocationSchemaVersion":"1.0","invocationId":"i","job":{"id":"j"},"tasks":[{"taskId":"t","#
      + #""s3Key":"k","s3VersionId":null,"s3BucketArn":"arn:aws:s3:::b"}]}"#,
    #"{"bucket":"b","key":"k"}"#, http(#"{"bucket":"b","key":"k"}"#),
  ]

  @Test(arguments: places)
  func noSecretLeavesTheProcess(place: Place) throws {
    let posts = Recorder<String>()
    var configuration = RuntimeEmulator.Configuration()
    configuration.timeoutMilliseconds = 30_000
    configuration.hook = { call, request, _ in
      switch call {
      case .response, .error:
        posts.add(request.headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n"))
        posts.add(String(decoding: request.body, as: UTF8.self))
      default: break
      }
      return .proceed
    }
    let emulator = try RuntimeEmulator(configuration: configuration)
    defer { emulator.stop() }
    let aws = try LoopbackServer { request, connection in
      let url = (try? JSONValue(parsing: request.body))?["url"]?.stringValue
      let (status, headers, body) = place.answer(Self.echo(url ?? "none"))
      try connection.send(status: status, headers: headers, body: Array(body.utf8))
    }
    defer { aws.stop() }
    var said = ""
    for format in ["Text", "JSON"] {
      let process = try BootstrapProcess(environment: [
        "AWS_LAMBDA_RUNTIME_API": emulator.address, "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": Self.keyID, "AWS_SECRET_ACCESS_KEY": Self.secret,
        "AWS_SESSION_TOKEN": Self.token, "ENDPOINT_NAME": "e", "AWS_ENDPOINT_URL": aws.baseURL,
        "AWS_LAMBDA_LOG_FORMAT": format, "AWS_LAMBDA_LOG_LEVEL": "TRACE",
        "INPUT_MODE": "presigned-url", "AWS_MAX_ATTEMPTS": "2", "ALLOW_OBJECT_INPUT": "1",
      ])
      for event in Self.events { _ = emulator.invoke(Array(event.utf8)) }
      process.stop()
      #expect(process.log.count >= Self.events.count)
      said += process.log.joined(separator: "\n")
    }
    #expect(posts.all.count == 4 * Self.events.count)
    said += posts.all.joined(separator: "\n")
    let spellings = [said, said.removingPercentEncoding ?? ""]
    for trace in Self.traces {
      for text in spellings { #expect(!text.contains(trace), "\(trace) in \(place.name)") }
    }
    // The URL that the container got has a signature of its own, of 64 hexadecimal digits.
    #expect(said.firstMatch(of: /(?i)signature(=|%3D|%253D)[0-9a-f]{8}/) == nil)
  }
}
