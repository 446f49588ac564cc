import ImageClassification
import JSON
import LoopbackServer
import Platform
import TestSupport
import Testing

/// An S3 that stores one result and supports conditional writes.
private final class ResultBucket: Sendable {
  struct State {
    var stored: [UInt8]?
    var version = 0
    var puts: [ReceivedHTTPRequest] = []
    var losesAnswer: Bool
  }

  let server: LoopbackServer
  private let state: Locked<State>

  init(
    stored: String? = nil, refusing: Answer? = nil, losesFirstAnswer: Bool = false,
    isRemovedOnReading: Bool = false
  ) throws {
    let state = Locked(
      State(stored: stored.map { Array($0.utf8) }, losesAnswer: losesFirstAnswer))
    self.state = state
    server = try LoopbackServer { request, connection in
      if request.path.hasPrefix("/photos/") {
        return try connection.send(status: 200, body: [0xFF, 0xD8, 0xFF])
      }
      if request.method == "GET" {
        let (body, version) = state.withLock { state in
          defer { if isRemovedOnReading { state.stored = nil } }
          return (state.stored, state.version)
        }
        return try connection.send(
          status: body == nil ? 404 : 200, headers: [("ETag", "\"\(version)\"")], body: body ?? [])
      }
      let isRefused = refusing != nil && request.header("If-None-Match") != nil
      let status = state.withLock { state -> Int in
        state.puts.append(request)
        if isRefused { return refusing?.status ?? 500 }
        if request.header("If-None-Match") == "*", state.stored != nil { return 412 }
        if let tag = request.header("If-Match") {
          if state.stored == nil { return 404 }
          if tag != "\"\(state.version)\"" { return 412 }
        }
        state.stored = request.body
        state.version += 1
        guard state.losesAnswer else { return 200 }
        state.losesAnswer = false
        return 0
      }
      if status == 0 { return connection.reset() }
      let gone = Array("<Error><Code>NoSuchKey</Code></Error>".utf8)
      try connection.send(
        status: status, body: isRefused ? refusing?.body ?? [] : status == 404 ? gone : [])
    }
  }

  var puts: [ReceivedHTTPRequest] { state.withLock { $0.puts } }
  var version: Int { state.withLock { $0.version } }
  var stored: JSONValue? { state.withLock { $0.stored.flatMap { try? JSONValue(parsing: $0) } } }
}

@Suite struct ResultTests {
  private func run<Result>(
    _ bucket: ResultBucket, event: String = notification("uploads/a+b.jpg"),
    environment: [String: String] = [:], endpoint: [Answer] = [Fixture.threeValues],
    _ check: (Fixture, String) throws -> Result
  ) throws -> Result {
    var values = [
      "AWS_ENDPOINT_URL_S3": bucket.server.baseURL, "RESULT_BUCKET": "results",
      "RESULT_PREFIX": "/dogs/",
    ]
    values.merge(environment) { $1 }
    let fixture = try Fixture(endpoint: endpoint, environment: values)
    defer {
      fixture.stop()
      bucket.server.stop()
    }
    return try check(fixture, event)
  }

  /// An image without an object has no result to store, but its answer has a limit all the same.
  @Test func anAnswerWithoutAStoredResultHasTopKClasses() throws {
    let fixture = try Fixture(
      endpoint: [Answer(200, body: "[[-1.5,2.25,0.5]]")],
      environment: ["TOP_K": "1", "RESULT_BUCKET": "results"])
    defer { fixture.stop() }
    let body = try fixture.answer(#"{"url": "https://example.com/a.jpg"}"#).body
    #expect(body["results"]?[0]?["probabilities"]?.arrayValue?.count == 1)
  }

  @Test func aResultIsKeptWithEverythingThatIsKnown() throws {
    let bucket = try ResultBucket()
    try run(bucket, environment: ["RESULT_KMS_KEY_ID": "key-1", "TOP_K": "1"]) { fixture, event in
      _ = try fixture.answer(event)
    }
    let put = try #require(bucket.puts.first)
    #expect(put.target == "/results/dogs/photos/uploads/a%20b.jpg.json")
    #expect(put.header("Content-Type") == "application/json")
    #expect(put.header("If-None-Match") == "*")
    #expect(put.header("x-amz-server-side-encryption") == "aws:kms")
    #expect(put.header("x-amz-server-side-encryption-aws-kms-key-id") == "key-1")
    #expect(put.header("x-amz-checksum-crc32")?.count == 8)
    let document = try JSONValue(parsing: put.body)
    #expect(document["endpoint"] == "dog-breeds")
    #expect(document["variant"] == "AllTraffic")
    #expect(document["requestId"] == "request-1")
    #expect(document["source"]?["sequencer"] == "0A")
    #expect(document["class"] == "1")
    #expect(document["probabilities"]?.arrayValue?.count == 3, "all classes, regardless of TOP_K")
    #expect(document["endpointMilliseconds"]?.int64Value != nil)
  }

  @Test(arguments: ["image", "presigned-url"])
  func aResultWhoseKeyWouldBeTooLongIsRefusedBeforeAnyCall(mode: String) throws {
    // With the prefix "dogs/photos/" and the suffix ".json": 1,025 bytes, with two-byte letters.
    let key = String(repeating: "%C3%BC", count: 504)
    let bucket = try ResultBucket()
    try run(bucket, event: notification(key), environment: ["INPUT_MODE": mode]) { fixture, event in
      let error = try fixture.failure(event)
      #expect(error.errorType == "Result.KeyTooLong")
      #expect(error.message.hasPrefix("s3://photos/üü"))
      #expect(
        error.message.contains("in results would be 1025 bytes long; S3 accepts at most 1024"))
      #expect(error.message.hasSuffix("[a retry will not help]"))
      #expect(fixture.endpoint.requests.isEmpty)
    }
    #expect(bucket.puts.isEmpty)
  }

  @Test func aResultWithTheLongestKeyIsKept() throws {
    let bucket = try ResultBucket()
    let key = String(repeating: "a", count: 1_007)
    try run(bucket, event: notification(key)) { fixture, event in _ = try fixture.answer(event) }
    #expect(bucket.puts.map(\.path.utf8.count) == ["/results/".utf8.count + 1_024])
  }

  @Test func aSecondDeliveryOverwritesTheDocumentOfTheFirst() throws {
    let bucket = try ResultBucket()
    try run(bucket) { fixture, event in
      _ = try fixture.answer(event)
      // Without its own id it could be the same document byte for byte, which is not written again.
      _ = try fixture.answer(event, requestID: "request-2")
    }
    #expect(bucket.puts.map { $0.header("If-Match") ?? "-" } == ["-", "-", "\"1\""])
  }

  @Test(arguments: [("09", true), ("0A", true), ("0A00", true), ("0A01", false), ("0B", false)])
  func anOlderEventDoesNotOverwriteANewerResult(stored: String, isWritten: Bool) throws {
    let bucket = try ResultBucket(stored: #"{"old":1,"source":{"sequencer":"\#(stored)"}}"#)
    try run(bucket) { fixture, event in
      let status = try fixture.answer(event).status
      #expect(status == 200)
    }
    #expect((bucket.stored?["old"] == nil) == isWritten)
  }

  @Test(arguments: ["no json", #"{"source":{}}"#, #"{"source":{"sequencer":"test"}}"#])
  func aStoredDocumentWithoutOrderIsOverwritten(stored: String) throws {
    let bucket = try ResultBucket(stored: stored)
    try run(bucket) { fixture, event in _ = try fixture.answer(event) }
    #expect(bucket.stored?["class"] == "1")
  }

  @Test func aRequestWithoutSequencerReplacesTheDocumentAndKeepsItsSequencer() throws {
    let bucket = try ResultBucket(stored: #"{"old":1,"source":{"sequencer":"0B"}}"#)
    try run(bucket, event: consoleRequest) { fixture, event in _ = try fixture.answer(event) }
    #expect(bucket.puts.map { $0.header("If-Match") ?? "-" } == ["-", "\"0\""])
    #expect(bucket.stored?["old"] == nil)
    #expect(bucket.stored?["source"]?["sequencer"] == "0B")
  }

  @Test func anEventWhoseSequencerIsNoneKeepsThatOfTheStoredDocument() throws {
    let bucket = try ResultBucket(stored: #"{"old":1,"source":{"sequencer":"0B"}}"#)
    try run(bucket) { fixture, event in
      _ = try fixture.answer(event.replacing("0A", with: "test"))
    }
    #expect(bucket.stored?["old"] == nil)
    #expect(bucket.stored?["source"]?["sequencer"] == "0B")
  }

  @Test func anOlderEventDoesNotWinAfterARequestWithoutSequencer() throws {
    let bucket = try ResultBucket()
    try run(bucket) { fixture, event in
      _ = try fixture.answer(event.replacing("0A", with: "0B"))
      _ = try fixture.answer(
        #"{"bucket":"photos","key":"uploads/a b.jpg"}"#, requestID: "request-2")
      _ = try fixture.answer(event, requestID: "request-3")
    }
    #expect(bucket.puts.count == 4, "two of the request, none of the older event but its first")
    #expect(bucket.stored?["source"]?["sequencer"] == "0B")
  }

  @Test func aWriteWhoseAnswerWasLostIsNotRepeated() throws {
    let bucket = try ResultBucket(losesFirstAnswer: true)
    try run(bucket) { fixture, event in _ = try fixture.answer(event) }
    #expect(bucket.puts.count == 2, "one attempt, and its repetition, which is refused")
    #expect(bucket.version == 1)
  }

  @Test func aDocumentThatIsRemovedInTheMeantimeIsWrittenAnew() throws {
    let bucket = try ResultBucket(stored: "{}", isRemovedOnReading: true)
    try run(bucket) { fixture, event in _ = try fixture.answer(event) }
    #expect(bucket.stored?["class"] == "1")
  }

  @Test func aServerWithoutConditionsGetsAnUnconditionalWriteAndAWarning() throws {
    let refusal = Answer(501, body: "<Error><Code>NotImplemented</Code></Error>")
    let bucket = try ResultBucket(refusing: refusal)
    try run(bucket) { fixture, event in
      _ = try fixture.answer(event)
      #expect(fixture.lines.all.contains { $0.contains("conditional writes are not supported") })
    }
    #expect(bucket.stored?["class"] == "1")
  }

  @Test func aResultThatCannotBeKeptFailsTheInvocation() throws {
    let refusal = Answer(403, body: "<Error><Code>AccessDenied</Code></Error>")
    let error = try run(ResultBucket(refusing: refusal)) { fixture, event in
      try fixture.failure(event)
    }
    #expect(error.errorType == "S3.AccessDenied")
    #expect(error.message.contains("s3:PutObject"))
  }

  @Test func whatSucceededIsKeptAlsoWhenTheInvocationFails() throws {
    let bucket = try ResultBucket()
    try run(bucket, event: notification("good.jpg", "bad%ZZ")) { fixture, event in
      _ = try fixture.failure(event)
    }
    #expect(bucket.puts.map(\.path) == ["/results/dogs/photos/good.jpg.json"])
  }

  @Test(arguments: [
    ("photos", "", ""), ("photos", "uploads", "uploads/"), ("photos", "uploads/x", "uploads/"),
    ("photos", "", "uploads/"),
  ])
  func aResultLocationThatWouldStartTheFunctionAgainIsRefused(
    bucket: String, prefix: String, imagePrefix: String
  ) {
    let error = #expect(throws: ConfigurationError.self) {
      try ImageClassifier(
        environment: Environment([
          "ENDPOINT_NAME": "e", "AWS_REGION": "us-east-1", "IMAGE_BUCKET": "photos",
          "RESULT_BUCKET": bucket, "RESULT_PREFIX": prefix, "IMAGE_PREFIX": imagePrefix,
        ]))
    }
    #expect(error?.variable == "RESULT_BUCKET")
  }

  @Test func aResultThatArrivesAsAnEventIsSkipped() throws {
    let bucket = try ResultBucket()
    try run(
      bucket,
      event: notification("dogs/x.json").replacing(#""name":"photos""#, with: #""name":"results""#)
    ) { fixture, event in
      let body = try fixture.answer(event).body
      #expect(body["results"] == [])
      #expect(fixture.endpoint.requests.isEmpty)
    }
  }
}
