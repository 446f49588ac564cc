import Foundation
import JSON
@testable import ImageClassification
@testable import LambdaRuntime
import Platform
import TestSupport
import Testing

/// The report of a failure to callers, the log, and Lambda.
@Suite struct ReportTests {
  private func modelError(_ status: Int, _ text: String = "m") -> Answer {
    Answer(
      424, [("x-amzn-ErrorType", "ModelError"), ("x-amzn-RequestId", "req-7")],
      body: #"{"Message":"\#(text)","OriginalStatusCode":\#(status)}"#)
  }

  /// The whole answer to an HTTP request.
  private func http(_ fixture: Fixture) throws -> (
    status: Int64?, headers: JSONValue?, message: String
  ) {
    guard case .answer(let answer) = fixture.say(httpRequest(body: consoleRequest)) else {
      throw Fixture.Unexpected()
    }
    let body = try JSONValue(parsing: try #require(answer["body"]?.stringValue))
    return (
      answer["statusCode"]?.int64Value, answer["headers"],
      body["error"]?["message"]?.stringValue ?? ""
    )
  }

  @Test(arguments: [
    (400, 400), (413, 413), (415, 415), (500, 502), (503, 503), (429, 503), (0, 504), (404, 502),
  ])
  func whatTheContainerSaysOfTheImageIsPassedOn(container: Int, status: Int64) throws {
    let fixture = try Fixture(
      endpoint: [modelError(container)],
      environment: ["AWS_MAX_ATTEMPTS": "1", "ALLOW_OBJECT_INPUT": "1"])
    defer { fixture.stop() }
    let answer = try http(fixture)
    #expect(answer.status == status)
    #expect(answer.headers?["Retry-After"] == (status == 503 ? "5" : nil))
    #expect(answer.message.contains("req-7"))
  }

  static let missing: [(Answer, Int)] = [
    (Answer(404, body: "<Error><Code>NoSuchKey</Code></Error>"), 404),
    (Answer(404, body: "<Error><Code>NoSuchVersion</Code></Error>"), 404),
    (Answer(404, [("x-amz-delete-marker", "true")]), 404),
    (Answer(405, [("x-amz-delete-marker", "true")]), 404),
    (Answer(405, body: "<Error><Code>MethodNotAllowed</Code></Error>"), 502),
  ]

  @Test(arguments: missing.indices)
  func whatIsNotThereIsA404(index: Int) throws {
    let fixture = try Fixture(s3: [Self.missing[index].0])
    defer { fixture.stop() }
    #expect(try fixture.answer(consoleRequest).status == Self.missing[index].1)
  }

  private let denial = Answer(
    403,
    body:
      "<Error><Code>AccessDenied</Code><Message>User: arn:aws:sts::123456789012:assumed-role/r/f is "
      + "not authorized to perform: kms:Decrypt on resource: arn:aws:kms:us-east-1:123456789012:key/k"
      + "</Message><RequestId>R5</RequestId></Error>")

  @Test func aDeniedKeyIsNotTakenForADeniedObject() throws {
    let fixture = try Fixture(s3: [denial])
    defer { fixture.stop() }
    let message = try fixture.failure(notification("a")).message
    #expect(message.contains("needs kms:Decrypt"))
    #expect(!message.contains("s3:GetObject"))
    #expect(message.contains("request id R5"))
  }

  @Test func anyoneGetsTheRequestIdAndNoAdviceOnRoles() throws {
    let fixture = try Fixture(s3: [denial], environment: ["ALLOW_OBJECT_INPUT": "1"])
    defer { fixture.stop() }
    let answer = try http(fixture)
    #expect(answer.status == 502)
    #expect(answer.message == "GetObject s3://photos/rex.jpg: AccessDenied (request id R5)")
    // Who may invoke the function directly, and the log, get it all.
    #expect(
      try fixture.answer(consoleRequest).body["error"]?["message"]?.stringValue?
        .contains("kms:Decrypt") == true)
    #expect(fixture.lines.all.allSatisfy { $0.contains("kms:Decrypt") || $0.contains("_aws") })
  }

  @Test func anyoneGetsNothingOfTheAccount() throws {
    let unknown = Answer(
      400, [("x-amzn-ErrorType", "ValidationError"), ("x-amzn-RequestId", "R6")],
      body: #"{"Message":"Endpoint dog-breeds of account 123456789012 not found."}"#)
    let fixture = try Fixture(endpoint: [unknown], environment: ["ALLOW_OBJECT_INPUT": "1"])
    defer { fixture.stop() }
    let answer = try http(fixture)
    #expect(answer.status == 502)
    #expect(answer.message.hasSuffix("InvokeEndpoint dog-breeds: ValidationError (request id R6)"))
    #expect(fixture.lines.all.contains { $0.contains("account 123456789012 not found") })
  }

  @Test func anyoneGetsTheContainersWordsWithoutTheLinkToItsLog() throws {
    let failed = Answer(
      424, [("x-amzn-ErrorType", "ModelError"), ("x-amzn-RequestId", "R7")],
      body: #"{"Message":"Received client error (400) from primary with message \"no image\". See "#
        + "https://us-east-1.console.aws.amazon.com/cloudwatch/home#logEventViewer:group=g in account "
        + #"123456789012 for more information.","OriginalStatusCode":400,"#
        + #""LogStreamArn":"arn:aws:logs:us-east-1:123456789012:log-group:g"}"#)
    let fixture = try Fixture(endpoint: [failed], environment: ["ALLOW_OBJECT_INPUT": "1"])
    defer { fixture.stop() }
    let answer = try http(fixture)
    #expect(answer.message.contains(#"with message "no image" (status 424, request id R7)"#))
    #expect(!answer.message.contains("123456789012"))
    #expect(fixture.lines.all.contains { $0.contains("[log: arn:aws:logs:us-east-1:123456789012") })
  }

  @Test func aHugeMessageKeepsItsBeginningAndEnd() throws {
    let body =
      "<Error><Code>Weird</Code><Message>BEGIN\(String(repeating: "\u{1}x\"", count: 300_000))"
      + " see the link</Message></Error>"
    let fixture = try Fixture(s3: [Answer(400, body: body)])
    defer { fixture.stop() }
    let error = try fixture.failure(notification("a"))
    #expect(error.report.count < 4_096)
    #expect(error.message.contains("BEGIN"))
    #expect(error.message.contains("see the link"))
  }

  @Test func ofFiveThousandFailuresTheFirstAreListedAndTheRestCounted() throws {
    let fixture = try Fixture(
      s3: [Answer(404, body: "<Error><Code>NoSuchKey</Code></Error>")],
      environment: ["METRICS": "off"])
    defer { fixture.stop() }
    let records = (0..<5_000).map {
      #"{"s3":{"bucket":{"name":"photos"},"object":{"key":"%01%22k\#($0)"}}}"#
    }
    let error = try fixture.failure(#"{"Records":[\#(records.joined(separator: ","))]}"#)
    #expect(error.report.count < 8_192)
    #expect(error.xRayCause.utf8.count < 8_192)
    #expect(error.message.hasPrefix("5000 of 5000 images failed: GetObject s3://photos/"))
    #expect(error.message.contains(/; and 49\d\d more$/))
    #expect(try JSONValue(parsing: error.report)["errorType"] == "S3.NoSuchKey")
    // Each has its line.
    #expect(fixture.lines.all.count == 5_000)
  }

  @Test(arguments: [Int64.min, -1, 0])
  func aDeadlineLongAgoIsAFailureAndNotATrap(unixMilliseconds: Int64) throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let classifier = try ImageClassifier(
      environment: Environment([
        "ENDPOINT_NAME": "e", "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "A",
        "AWS_SECRET_ACCESS_KEY": "S", "AWS_ENDPOINT_URL": fixture.s3.baseURL,
      ]))
    let invocation = Invocation(
      requestID: "r", deadline: Deadline(unixMilliseconds: unixMilliseconds),
      event: Array(notification("a").utf8))
    let error = #expect(throws: InvocationError.self) {
      try classifier.handle(invocation, log: Log(environment: Environment([:])) { _ in })
    }
    #expect(error?.errorType == "S3.TimedOut")
    #expect(fixture.s3.requests.isEmpty)
  }

  @Test func anObjectThatGrewSinceItsEventIsReadAllTheSame() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    let event =
      #"{"Records":[{"s3":{"bucket":{"name":"photos"},"object":{"key":"a","size":1}}}]}"#
    #expect(try fixture.answer(event).status == 200)
    #expect(fixture.s3.requests.count == 2)
  }
}

@Suite struct MemoryBudgetTests {
  private let small = MemoryBudget(memoryBytes: 128 << 20, addressSpaceBytes: nil, loops: 1)

  @Test func eightImagesOfTheDefaultLimitFitTheSmallestFunction() {
    #expect(small.warning(maximumParallel: 8, maximumImageBytes: 6_291_456) == nil)
    #expect(
      small.warning(maximumParallel: 64, maximumImageBytes: 6_291_456)?
        .hasPrefix("MAX_PARALLEL=64 will not be reached") == true)
  }

  @Test func anImageThatNeverFitsIsToldTheMemoryItNeeds() {
    #expect(small.problem(withImageBytes: 6_291_456) == nil)
    let problem = small.problem(withImageBytes: 100 << 20) ?? ""
    #expect(problem.contains("needs 174 MB of memory; the function has 128 MB"), "\(problem)")
    #expect(small.problem(withImageBytes: .max) != nil)
  }

  @Test func theNarrowerLimitHoldsAndLoopsShareIt() {
    let both = MemoryBudget(memoryBytes: 1 << 30, addressSpaceBytes: 256 << 20, loops: 1)
    #expect(both.imageBytes == 96 << 20)
    let shared = MemoryBudget(memoryBytes: 1 << 30, addressSpaceBytes: nil, loops: 4)
    #expect(shared.imageBytes == ((1 << 30) - (40 << 20)) / 4 * 3 / 4)
    #expect(MemoryBudget(memoryBytes: nil, addressSpaceBytes: nil, loops: 1).imageBytes == .max)
  }
}
