import Foundation
import HTTPClient
import JSON
import LocalAWS
import SigV4
import TestSupport
import Testing

/// LocalAWS with an asynchronous endpoint, and the notifications that it sent.
private final class AsynchronousFixture: Sendable {
  let fixture: LocalAWSFixture
  private let sent: Recorder<AsynchronousNotification>

  init(
    model: any InferenceModel = FixedReplyModel(json: "[[-1, 2]]"),
    _ change: (inout AsynchronousEndpoint) -> Void = { _ in }
  ) throws {
    let sent = Recorder<AsynchronousNotification>()
    self.sent = sent
    var endpoint = AsynchronousEndpoint(
      outputPath: try #require(S3Location(path: "s3://results/output/")),
      failurePath: S3Location(path: "s3://results/failures"), notify: { sent.add($0) })
    change(&endpoint)
    fixture = try LocalAWSFixture.writable { configuration in
      configuration.model = model
      configuration.endpointKind = .asynchronous(endpoint)
    }
  }

  func submit(
    _ location: String = "s3://photos/a.jpg", headers: [(String, String)] = []
  ) throws -> HTTPResponse {
    try fixture.invokeAsync([("InputLocation", location)] + headers)
  }

  /// The notifications of all requests so far.
  func notifications() -> [AsynchronousNotification] {
    fixture.aws.waitForAsynchronousRequests()
    return sent.all
  }

  func stored() -> [StoredObject] {
    fixture.aws.waitForAsynchronousRequests()
    return fixture.aws.storedObjects()
  }
}

extension HTTPResponse {
  fileprivate func location(_ name: String) -> String {
    headers["X-Amzn-SageMaker-\(name)Location"] ?? ""
  }

  fileprivate var json: JSONValue? { try? JSONValue(parsing: body) }
}

@Suite struct AsynchronousEndpointTests {
  @Test func aRequestIsAcceptedWithTheLocationsOfItsResults() throws {
    let response = try AsynchronousFixture().submit(
      headers: [("Inference-Id", "0123"), ("S3OutputPathExtension", "a/b")])
    #expect(response.status == 202)
    #expect(response.json?["InferenceId"] == "0123")
    #expect(
      response.location("Output").wholeMatch(
        of: /s3:\/\/results\/output\/a\/b\/[0-9a-f-]{36}\.out/) != nil)
    #expect(
      response.location("Failure").wholeMatch(
        of: /s3:\/\/results\/failures\/a\/b\/[0-9a-f-]{36}-error\.out/) != nil)
  }

  @Test func theReplyIsStoredAtTheOutputLocation() throws {
    let asynchronous = try AsynchronousFixture()
    let response = try asynchronous.submit()
    let object = try #require(asynchronous.stored().first)
    #expect("s3://\(object.bucket)/\(object.key)" == response.location("Output"))
    #expect(String(decoding: object.bytes, as: UTF8.self) == "[[-1, 2]]")
    #expect(
      try asynchronous.fixture.s3("/\(object.bucket)/\(object.key)").headers["Content-Type"]
        == "application/json")
  }

  @Test func theNameOfTheReplyIsNotTheInferenceID() throws {
    let asynchronous = try AsynchronousFixture()
    let id = try #require(try asynchronous.submit().json?["InferenceId"]?.stringValue)
    #expect(id.count == 36)
    #expect(asynchronous.stored().allSatisfy { !$0.key.contains(id) })
  }

  @Test func aFileNameReplacesTheUUID() throws {
    let response = try AsynchronousFixture().submit(headers: [("Filename", "rex.json")])
    #expect(response.location("Output") == "s3://results/output/rex.json")
  }

  @Test func theContainerGetsTheObjectAndTheHeadersOfTheRequest() throws {
    let model = RecordingModel()
    let asynchronous = try AsynchronousFixture(model: model)
    _ = try asynchronous.submit(
      headers: [
        ("Content-Type", "image/jpeg"), ("Accept", "text/csv"), ("Custom-Attributes", "trace=a"),
      ])
    _ = asynchronous.notifications()
    let request = try #require(model.requests.all.first)
    #expect(String(decoding: request.body, as: UTF8.self) == "bytes of a")
    #expect(request.contentType == "image/jpeg")
    #expect(request.accept == "text/csv")
    #expect(request.customAttributes == "trace=a")
  }

  @Test func aBodyIsClassifiedWithoutAnObject() throws {
    let model = RecordingModel()
    let asynchronous = try AsynchronousFixture(model: model)
    #expect(try asynchronous.fixture.invokeAsync([], body: [0xFF, 0xD8]).status == 202)
    let notification = try #require(asynchronous.notifications().first)
    #expect(model.requests.all.map(\.body) == [[0xFF, 0xD8]])
    #expect(notification.inputLocation == nil)
  }

  @Test func anObjectThatIsOverwrittenWhileItWaitsIsReadAsItIsThen() throws {
    let model = RecordingModel()
    let asynchronous = try AsynchronousFixture(model: model) { $0.delayMilliseconds = 300 }
    _ = try asynchronous.submit()
    #expect(try asynchronous.fixture.putObject("/photos/a.jpg", "newer").status == 200)
    _ = asynchronous.notifications()
    #expect(model.requests.all.map { String(decoding: $0.body, as: UTF8.self) } == ["newer"])
  }

  @Test func requestsThatWaitAreDroppedByAStop() throws {
    let asynchronous = try AsynchronousFixture { $0.delayMilliseconds = 200 }
    _ = try asynchronous.submit()
    asynchronous.fixture.aws.stop()
    #expect(asynchronous.notifications().isEmpty)
    #expect(asynchronous.stored().isEmpty)
  }

  @Test(arguments: [
    ("InputLocation", "ftp://photos/a.jpg"), ("InputLocation", "s3:///a.jpg"),
    ("InputLocation", "s3://photos/" + String(repeating: "a", count: 1013)),
    ("Inference-Id", String(repeating: "a", count: 65)), ("S3OutputPathExtension", "a b"),
    ("S3OutputPathExtension", "s3://b"), ("S3OutputPathExtension", "a=b"),
    ("S3OutputPathExtension", String(repeating: "a", count: 513)), ("Filename", "a.b.c"),
    ("Filename", "-a"), ("Filename", String(repeating: "a", count: 33)),
    ("RequestTTLSeconds", "59"), ("RequestTTLSeconds", "21601"), ("RequestTTLSeconds", "soon"),
    ("InvocationTimeoutSeconds", "0"), ("InvocationTimeoutSeconds", "3601"),
    ("Accept", String(repeating: "a", count: 1025)),
  ])
  func aMemberBeyondItsLimitsIsRefused(name: String, value: String) throws {
    let asynchronous = try AsynchronousFixture()
    let others = name == "InputLocation" ? [] : [("InputLocation", "s3://photos/a.jpg")]
    let response = try asynchronous.fixture.invokeAsync(others + [(name, value)])
    #expect(response.status == 400)
    #expect(response.headers["x-amzn-ErrorType"]?.hasPrefix("ValidationError") == true)
    #expect(response.json?["Message"]?.stringValue?.contains(name) == true)
    #expect(asynchronous.notifications().isEmpty)
  }

  @Test(arguments: [
    ("Inference-Id", String(repeating: "a", count: 64)), ("RequestTTLSeconds", "60"),
    ("RequestTTLSeconds", "21600"), ("InvocationTimeoutSeconds", "3600"),
    ("S3OutputPathExtension", "aZ0!_.*'()/-"), ("Filename", "rex-1_a.json"),
  ])
  func aMemberAtItsLimitsIsAccepted(name: String, value: String) throws {
    #expect(try AsynchronousFixture().submit(headers: [(name, value)]).status == 202)
  }

  @Test func aLocationAndABodyExcludeEachOtherAndOneIsNecessary() throws {
    let fixture = try AsynchronousFixture().fixture
    #expect(try fixture.invokeAsync([]).status == 400)
    let both = try fixture.invokeAsync([("InputLocation", "s3://photos/a.jpg")], body: [1])
    #expect(both.status == 400)
  }

  @Test(arguments: [(128_000, 202), (128_001, 400)])
  func aBodyMayHold128000Bytes(size: Int, status: Int) throws {
    let fixture = try AsynchronousFixture().fixture
    #expect(
      try fixture.invokeAsync([], body: [UInt8](repeating: 1, count: size)).status == status)
  }

  @Test func aChangedHeaderIsRefused() throws {
    let asynchronous = try AsynchronousFixture()
    let name = "X-Amzn-SageMaker-InputLocation"
    let response = try asynchronous.fixture.invokeAsync(
      [("InputLocation", "s3://photos/a.jpg")], sentHeaders: [(name, "s3://photos/b.jpg")])
    #expect(response.status == 403)
    #expect(response.headers["x-amzn-ErrorType"] == "InvalidSignatureException")
    #expect(asynchronous.notifications().isEmpty)
  }

  @Test func eachKindRefusesTheOtherOperation() throws {
    let asynchronous = try AsynchronousFixture().fixture.invoke()
    let realtime = try LocalAWSFixture().invokeAsync([("InputLocation", "s3://photos/a.jpg")])
    for response in [asynchronous, realtime] {
      #expect(response.status == 400)
      #expect(response.headers["x-amzn-ErrorType"]?.hasPrefix("ValidationError") == true)
    }
    #expect(asynchronous.json?["Message"]?.stringValue?.contains("InvokeEndpointAsync") == true)
    #expect(realtime.json?["Message"]?.stringValue?.contains("Call InvokeEndpoint.") == true)
  }
}

@Suite struct AsynchronousNotificationTests {
  private func message(_ notification: AsynchronousNotification?) throws -> JSONValue {
    try JSONValue(parsing: #require(notification).message)
  }

  @Test func aCompletedRequestIsReportedWithItsReply() throws {
    let asynchronous = try AsynchronousFixture()
    let response = try asynchronous.submit(
      headers: [("Inference-Id", "0123"), ("Content-Type", "image/jpeg"), ("Accept", "text/csv")])
    let message = try message(asynchronous.notifications().first)
    #expect(message["invocationStatus"] == "Completed")
    #expect(message["failureReason"] == nil)
    #expect(
      message["requestParameters"] == [
        "accept": "text/csv", "contentType": "image/jpeg", "endpointName": "dog-breeds",
        "inputLocation": "s3://photos/a.jpg",
      ])
    #expect(
      message["responseParameters"] == [
        "contentType": "application/json", "outputLocation": .string(response.location("Output")),
      ])
    #expect(message["responseBody"]?["encoding"] == "BASE64")
    let content = try #require(message["responseBody"]?["content"]?.stringValue)
    #expect(Data(base64Encoded: content) == Data("[[-1, 2]]".utf8))
    #expect(message["inferenceId"] == "0123")
    #expect(message["eventVersion"] == "1.0")
    #expect(message["eventSource"] == "aws:sagemaker")
    #expect(message["eventName"] == "InferenceResult")
    for name in ["eventTime", "receivedTime"] {
      let time = try #require(message[name]?.stringValue)
      #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
    }
  }

  @Test func aContainersErrorIsStoredAndReportedInAWSsWords() throws {
    let asynchronous = try AsynchronousFixture(model: FixedReplyModel(.text(500, "boom")))
    let response = try asynchronous.submit()
    let message = try message(asynchronous.notifications().first)
    #expect(message["invocationStatus"] == "Failed")
    #expect(
      message["failureReason"]?.stringValue?.hasPrefix(
        "ClientError: Received server error (500) from model. See the SageMaker Endpoint logs")
        == true)
    #expect(
      message["responseParameters"] == ["failureLocation": .string(response.location("Failure"))])
    let object = try #require(asynchronous.stored().first)
    #expect("s3://\(object.bucket)/\(object.key)" == response.location("Failure"))
    #expect(String(decoding: object.bytes, as: UTF8.self) == "boom")
  }

  @Test func anInputThatCannotBeReadIsReportedWithoutAnObject() throws {
    let asynchronous = try AsynchronousFixture()
    #expect(try asynchronous.submit("s3://photos/none.jpg").status == 202)
    let notification = try #require(asynchronous.notifications().first)
    #expect(notification.failureReason?.contains("NoSuchKey") == true)
    #expect(try message(notification)["responseParameters"] == nil)
    #expect(asynchronous.stored().isEmpty)
    #expect(notification.event(by: .s3) == nil)
  }

  @Test func aRequestThatShouldFailDoesNotReachTheContainer() throws {
    let model = FixedReplyModel(json: "[]")
    let asynchronous = try AsynchronousFixture(model: model) { endpoint in
      endpoint.fails = { number, location in number == 2 && location.hasSuffix("a.jpg") }
    }
    for _ in 0..<3 { _ = try asynchronous.submit() }
    #expect(asynchronous.notifications().map { $0.failureReason == nil } == [true, false, true])
    #expect(model.requestCount == 2)
  }

  @Test func aReplyMayBeLeftOut() throws {
    let asynchronous = try AsynchronousFixture { $0.includesResponse = false }
    _ = try asynchronous.submit()
    #expect(try message(asynchronous.notifications().first)["responseBody"] == nil)
  }

  @Test(arguments: [(131_072, true), (131_073, false)])
  func aReplyAbove128KBIsLeftOut(size: Int, isIncluded: Bool) throws {
    let body = [UInt8](repeating: 0x20, count: size)
    let asynchronous = try AsynchronousFixture(
      model: FixedReplyModel(ContainerReply(status: 200, contentType: "text/csv", body: body)))
    _ = try asynchronous.submit()
    let message = try message(asynchronous.notifications().first)
    #expect((message["responseBody"] != nil) == isIncluded)
  }

  @Test func theTopicInvokesTheFunctionWithTheMessage() throws {
    let asynchronous = try AsynchronousFixture()
    _ = try asynchronous.submit()
    let notification = try #require(asynchronous.notifications().first)
    let record = try JSONValue(parsing: #require(notification.event(by: .sns)))["Records"]?[0]
    #expect(record?["EventSource"] == "aws:sns")
    #expect(record?["Sns"]?["TopicArn"]?.stringValue?.hasSuffix(":inference-completed") == true)
    #expect(
      record?["Sns"]?["Message"]?.stringValue
        == String(decoding: notification.message, as: UTF8.self))
  }

  @Test func aQueueHoldsTheTopicsEnvelope() throws {
    let asynchronous = try AsynchronousFixture(model: FixedReplyModel(.text(500, "")))
    _ = try asynchronous.submit()
    let notification = try #require(asynchronous.notifications().first)
    let record = try JSONValue(parsing: #require(notification.event(by: .sqs)))["Records"]?[0]
    #expect(record?["eventSource"] == "aws:sqs")
    let envelope = try JSONValue(parsing: #require(record?["body"]?.stringValue))
    #expect(envelope["TopicArn"]?.stringValue?.hasSuffix(":inference-failed") == true)
    #expect(
      envelope["Message"]?.stringValue == String(decoding: notification.message, as: UTF8.self))
  }

  @Test func s3ReportsTheStoredReply() throws {
    let asynchronous = try AsynchronousFixture()
    _ = try asynchronous.submit(headers: [("S3OutputPathExtension", "a-b")])
    let object = try #require(asynchronous.stored().first)
    let notification = try #require(asynchronous.notifications().first)
    let record = try JSONValue(parsing: #require(notification.event(by: .s3)))["Records"]?[0]
    #expect(record?["eventName"] == "ObjectCreated:Put")
    #expect(record?["s3"]?["bucket"]?["name"] == "results")
    #expect(record?["s3"]?["object"]?["key"]?.stringValue == object.key)
    #expect(record?["s3"]?["object"]?["size"] == 9)
    #expect(
      record?["s3"]?["object"]?["eTag"]?.stringValue.map { "\"\($0)\"" } == object.eTag)
  }
}

/// Records the requests, and returns two values.
private final class RecordingModel: InferenceModel {
  let requests = Recorder<ContainerRequest>()

  func infer(contentType: String, accept: String, body: [UInt8]) throws -> ContainerReply {
    ContainerReply(status: 200, contentType: "application/json", body: Array("[[-1, 2]]".utf8))
  }

  func infer(_ request: ContainerRequest) throws -> ContainerReply {
    requests.add(request)
    return try infer(contentType: request.contentType, accept: request.accept, body: request.body)
  }
}
