import JSON
import TestSupport
import Testing

/// Malformed input from S3 fails the invocation; from a console request it gets a status.
@Suite struct BadEventTests {
  @Test(arguments: [
    ("not json", "Event.NotJSON"), ("[]", "Event.Unknown"), ("{}", "Event.Unknown"),
    (#"{"key1":"value1","key2":"value2"}"#, "Event.Unknown"),
    (#"{"Records":[]}"#, "Event.NoRecords"),
    (#"{"Records":[{"s3":{"bucket":{"name":"b"},"object":{}}}]}"#, "Event.MissingField"),
    (notification("a%ZZ"), "Event.MalformedKey"),
  ])
  func anEventThatIsNoneFailsTheInvocation(event: String, type: String) throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    #expect(try fixture.failure(event).errorType == type)
    #expect(fixture.s3.requests.isEmpty)
    #expect(try fixture.answer(notification("a")).status == 200, "the next invocation works")
  }

  @Test func aKeyWithoutABucketIsABadRequest() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let (status, body) = try fixture.answer(#"{"key":"rex.jpg"}"#)
    #expect(status == 400)
    #expect(body["error"]?["message"]?.stringValue?.contains("IMAGE_BUCKET") == true)
    #expect(body["error"]?["requestId"] == "request-1")
  }

  @Test func aKeyAloneIsReadFromTheConfiguredBucket() throws {
    let fixture = try Fixture(environment: ["IMAGE_BUCKET": "photos"])
    defer { fixture.stop() }
    #expect(try fixture.answer(#"{"url":"lab.jpg"}"#).status == 200)
    #expect(fixture.s3.requests.first?.target == "/photos/lab.jpg")
  }
}

@Suite struct BadObjectTests {
  private func xml(_ code: String) -> String { "<Error><Code>\(code)</Code></Error>" }

  /// The response of S3, and the expected error type, status, and part of the message.
  private static let cases: [(answer: Answer, type: String, status: Int, says: String)] = [
    (Answer(404, body: "<Error><Code>NoSuchKey</Code></Error>"), "S3.NoSuchKey", 404, "NoSuchKey"),
    (
      Answer(403, body: "<Error><Code>AccessDenied</Code></Error>"), "S3.AccessDenied", 502,
      "s3:GetObject"
    ),
    (
      Answer(400, body: "<Error><Code>ExpiredToken</Code><Message>old</Message></Error>"),
      "S3.ExpiredToken", 502, "sign in again"
    ),
    (
      .raw("HTTP/1.1 200 OK\r\nContent-Length: 6291457\r\n\r\n"), "S3.BodyTooLarge", 413,
      "6291457 bytes"
    ),
    (
      Answer(403, body: "<Error><Code>InvalidObjectState</Code></Error>"), "S3.InvalidObjectState",
      409, "InvalidObjectState"
    ),
    (Answer(200), "Image.Empty", 400, "0 bytes"),
    (
      Answer(200, [("x-amz-checksum-crc32", "AAAAAA==")], body: "x"), "S3.ChecksumMismatch", 502,
      "x-amz-checksum-crc32"
    ),
    (
      .raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), "S3.Connection", 502, "3 attempts"
    ),
  ]

  @Test(arguments: cases.indices)
  func anObjectThatCannotBeReadIsNamedWithTheReason(index: Int) throws {
    let (answer, type, status, says) = Self.cases[index]
    let fixture = try Fixture(s3: [answer])
    defer { fixture.stop() }
    let error = try fixture.failure(notification("uploads/rex.jpg"))
    #expect(error.errorType == type)
    #expect(error.message.contains("s3://photos/uploads/rex.jpg"))
    #expect(error.message.contains(says))
    let person = try fixture.answer(consoleRequest)
    #expect(person.status == status)
    #expect(person.body["error"]?["type"]?.stringValue == type)
    #expect(fixture.endpoint.requests.isEmpty)
  }

  @Test func everyFailedObjectOfAnEventIsListedAndTheOthersAreStillTried() throws {
    let fixture = try Fixture(s3: [Answer(404, body: xml("NoSuchKey"))])
    defer { fixture.stop() }
    let error = try fixture.failure(notification("a.jpg", "b.jpg", "c.jpg"))
    #expect(error.message.hasPrefix("3 of 3 images failed: "))
    for key in ["a.jpg", "b.jpg", "c.jpg"] { #expect(error.message.contains("s3://photos/\(key)")) }
    #expect(error.errorType == "S3.NoSuchKey")
  }

  @Test func moreObjectsThanTheStackIsDeepFailOneByOne() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let records = (0..<3000).map {
      #"{"s3":{"bucket":{"name":"photos"},"object":{"key":"k\#($0)"}}}"#
    }
    // No time is left, so every task ends immediately.
    let error = try fixture.failure(
      #"{"Records":[\#(records.joined(separator: ","))]}"#, deadlineIn: 0)
    #expect(error.errorType == "S3.TimedOut")
    #expect(error.message.hasPrefix("3000 of 3000 images failed"))
  }

  @Test(arguments: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
  func missingCredentialsAreNamed(variable: String) throws {
    let fixture = try Fixture(environment: [variable: ""])
    defer { fixture.stop() }
    #expect(try fixture.failure(notification("a")).message.contains("\(variable) is not set"))
    #expect(try fixture.answer(consoleRequest).status == 500)
  }
}

@Suite struct BadEndpointTests {
  private static let traceback =
    #"{"Message":"Received server error (500) from primary with message \"Traceback (most "#
    + #"recent call last):\n  File \"/opt/ml/code/secret.py\"\"","OriginalStatusCode":500}"#

  private static let cases: [(answer: Answer, type: String, status: Int, says: String)] = [
    (
      Answer(
        400, [("x-amzn-ErrorType", "ValidationError")],
        body: #"{"Message":"Endpoint dog-breeds of account 1 not found."}"#),
      "SageMaker.ValidationError", 502, "not found"
    ),
    (
      Answer(403, [("x-amzn-ErrorType", "AccessDeniedException")], body: "{}"),
      "SageMaker.AccessDeniedException", 502, "sagemaker:InvokeEndpoint"
    ),
    (
      Answer(424, [("x-amzn-ErrorType", "ModelError")], body: traceback), "SageMaker.ModelError",
      502, "Received server error (500)"
    ),
    (Answer(503, body: "busy"), "SageMaker.ServiceUnavailable", 503, "3 attempts"),
    (
      Answer(403, [("x-amzn-ErrorType", "ExpiredTokenException")], body: "{}"),
      "SageMaker.ExpiredTokenException", 502, "sign in again"
    ),
    (
      Answer(200, [("Content-Type", "text/html")], body: "<html>hello</html>"),
      "EndpointReply.NotJSON", 502, "(text/html, 18 bytes) is not JSON"
    ),
    (
      Answer(200, body: #"{"a":[{"b":"c"}],"d":true}"#), "EndpointReply.UnknownShape", 502,
      "an object {a: an array, d: true or false}"
    ),
    (Answer(200, body: "[[]]"), "EndpointReply.NoNumbers", 502, "no numbers"),
    (
      Answer(200, body: #"[[1, "x"]]"#), "EndpointReply.NoNumbers", 502,
      "value 1 of the endpoint's reply is a string"
    ),
    (Answer(200, body: "[[1],[2]]"), "EndpointReply.SeveralRows", 502, "2 rows"),
    (Answer(200, body: "[[1, NaN]]"), "EndpointReply.NotFinite", 502, "value 1"),
    (Answer(200, body: "[[1, 1e999]]"), "EndpointReply.NotFinite", 502, "value 1"),
    (Answer(200), "EndpointReply.Empty", 502, "0 bytes"),
    (
      .raw("HTTP/1.1 200 OK\r\nContent-Length: 6291457\r\n\r\n"), "SageMaker.BodyTooLarge", 502,
      "6291457 bytes"
    ),
    (
      Answer(200, body: #"{"error":"no\nmodel"}"#), "EndpointReply.ContainerError", 502,
      "an error: no model"
    ),
  ]

  @Test(arguments: cases.indices)
  func anEndpointThatFailsIsReportedWithTheImage(index: Int) throws {
    let (answer, type, status, says) = Self.cases[index]
    let fixture = try Fixture(endpoint: [answer])
    defer { fixture.stop() }
    let error = try fixture.failure(notification("uploads/rex.jpg"))
    #expect(error.errorType == type)
    #expect(error.message.contains("s3://photos/uploads/rex.jpg"))
    #expect(error.message.contains(says))
    #expect(!error.message.contains("\n"), "a traceback's lines are joined")
    let person = try fixture.answer(consoleRequest)
    #expect(person.status == status)
    #expect(person.body["error"]?["type"]?.stringValue == type)
  }

  @Test func throttlingThenSuccessIsASuccess() throws {
    let throttled = Answer(429, [("x-amzn-ErrorType", "ThrottlingException")], body: "{}")
    let fixture = try Fixture(endpoint: [throttled, Fixture.threeValues])
    defer { fixture.stop() }
    #expect(try fixture.answer(notification("a")).status == 200)
    #expect(fixture.endpoint.requests.count == 2)
  }

  @Test func aHangEndsBeforeTheDeadlineAndNamesTheOperation() throws {
    let fixture = try Fixture(endpoint: [.hang, Fixture.threeValues])
    defer { fixture.stop() }
    let error = try fixture.failure(notification("rex.jpg"), deadlineIn: 1_500)
    #expect(error.errorType == "SageMaker.TimedOut")
    #expect(error.message.contains("InvokeEndpoint dog-breeds: TimedOut: no response after "))
    #expect(error.message.contains("s left"))
    #expect(try fixture.answer(notification("a")).status == 200, "the next invocation works")
  }

  @Test func valuesThatDoNotFitTheLabelsAreCounted() throws {
    let labels = try TemporaryFile((1...133).map { "class \($0)" }.joined(separator: "\n") + "\n")
    let values = Array(repeating: "-0.5", count: 132).joined(separator: ",")
    let fixture = try Fixture(
      endpoint: [Answer(200, body: "[[\(values)]]")], environment: ["CLASS_LABELS": labels.path])
    defer { fixture.stop() }
    let error = try fixture.failure(notification("a"))
    #expect(error.errorType == "EndpointReply.LabelCount")
    #expect(error.message.contains("132 values"))
    #expect(error.message.contains("133 labels"))
  }

  @Test(arguments: ["[0.2, 0.2]", "[1.2, -0.2]", "[3, 4]"])
  func numbersThatAreNoProbabilitiesAreRefusedWhenSomeWereAnnounced(body: String) throws {
    let fixture = try Fixture(
      endpoint: [Answer(200, body: body)], environment: ["MODEL_OUTPUT": "probabilities"])
    defer { fixture.stop() }
    #expect(try fixture.failure(notification("a")).errorType == "EndpointReply.NotProbabilities")
  }

  @Test func noSecretStandsInAnyLogLine() throws {
    let fixture = try Fixture(endpoint: [Answer(503)])
    defer { fixture.stop() }
    _ = try fixture.failure(notification("a"))
    #expect(!fixture.lines.all.isEmpty)
    for line in fixture.lines.all {
      #expect(!line.contains("SECRET") && !line.contains("TOKEN"))
    }
  }
}
