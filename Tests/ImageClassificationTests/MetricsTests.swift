import Foundation
import JSON
import TestSupport
import Testing

@Suite struct MetricsTests {
  private func metrics(_ lines: [String]) -> [JSONValue] {
    lines.compactMap { try? JSONValue(parsing: $0.trimmingCharacters(in: .newlines)) }
      .filter { $0["_aws"] != nil }
  }

  @Test func anInvocationLeavesOneLineOfMetrics() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    _ = try fixture.failure(notification("a.jpg", "bad%ZZ", "b.jpg"))
    let line = try #require(metrics(fixture.lines.all).first)
    #expect(metrics(fixture.lines.all).count == 1)
    #expect(line["Endpoint"] == "dog-breeds")
    #expect(line["Images"] == 3)
    #expect(line["Failures"] == 0)
    #expect(line["Rejections"] == 1)
    #expect(line["Rejections.Event.MalformedKey"] == 1)
    #expect(line["ImageBytes"] == [4, 4])
    #expect(line["TopProbability"]?.arrayValue?.count == 2)
    let directive = line["_aws"]?["CloudWatchMetrics"]?[0]
    #expect(directive?["Dimensions"] == [["Endpoint"]])
    let names = directive?["Metrics"]?.arrayValue?.compactMap { $0["Name"]?.stringValue } ?? []
    #expect(names.allSatisfy { line[$0] != nil }, "every metric has its value")
    #expect(names.contains("S3Milliseconds") && names.contains("EndpointMilliseconds"))
  }

  @Test func imagesAndFailuresAreAlsoThoseOfTheVersion() throws {
    let fixture = try Fixture(environment: [
      "AWS_LAMBDA_FUNCTION_NAME": "photo-classifier", "AWS_LAMBDA_FUNCTION_VERSION": "6",
    ])
    defer { fixture.stop() }
    _ = try fixture.answer(notification("a"))
    let line = try #require(metrics(fixture.lines.all).first)
    #expect(line["FunctionName"] == "photo-classifier")
    #expect(line["ExecutedVersion"] == "6")
    let directive = line["_aws"]?["CloudWatchMetrics"]?[1]
    #expect(directive?["Namespace"] == "SageMakerImageInference")
    #expect(directive?["Dimensions"] == [["FunctionName", "ExecutedVersion"]])
    #expect(
      directive?["Metrics"]?.arrayValue?.map { $0["Name"]?.stringValue } == ["Images", "Failures"])
  }

  @Test func triesThatWereRepeatedAreCounted() throws {
    let fixture = try Fixture(endpoint: [Answer(503), Fixture.threeValues])
    defer { fixture.stop() }
    _ = try fixture.answer(notification("a"))
    #expect(metrics(fixture.lines.all).first?["Retries"] == 1)
  }

  @Test func metricsCanBeTurnedOff() throws {
    let fixture = try Fixture(environment: ["METRICS": "off"])
    defer { fixture.stop() }
    _ = try fixture.answer(notification("a"))
    #expect(metrics(fixture.lines.all).isEmpty)
  }

  @Test func anEventWithoutImagesLeavesNone() throws {
    let fixture = try Fixture()
    defer { fixture.stop() }
    _ = try fixture.answer(notification("gone", event: "ObjectRemoved:Delete"))
    #expect(metrics(fixture.lines.all).isEmpty)
  }

  @Test(arguments: ["Text", "JSON"], ["TRACE", "INFO", "WARN", "ERROR", "FATAL"])
  func noLevelOfLambdasFilterDropsThem(format: String, level: String) throws {
    let fixture = try Fixture(
      environment: ["AWS_LAMBDA_LOG_FORMAT": format, "AWS_LAMBDA_LOG_LEVEL": level])
    defer { fixture.stop() }
    _ = try fixture.answer(notification("a"))
    let line = try #require(metrics(fixture.lines.all).first)
    let levels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]
    let own = try #require(levels.firstIndex(of: line["level"]?.stringValue ?? ""))
    #expect(own >= levels.firstIndex(of: level) ?? .max)
    let timestamp = try #require(line["timestamp"]?.stringValue)
    #expect(timestamp.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
    #expect(line["requestId"] == "request-1")
  }

  @Test func failuresAreThoseOfTheFunctionTheModelAndAWSAndNotOfTheImage() throws {
    let denied = Answer(403, body: "<Error><Code>AccessDenied</Code></Error>")
    let missing = Answer(404, body: "<Error><Code>NoSuchKey</Code></Error>")
    let fixture = try Fixture(s3: [denied, missing, missing], environment: ["MAX_PARALLEL": "1"])
    defer { fixture.stop() }
    _ = try fixture.failure(notification("a", "b", "c"))
    let line = try #require(metrics(fixture.lines.all).first)
    #expect(line["Failures"] == 1)
    #expect(line["Failures.S3.AccessDenied"] == 1)
    #expect(line["Rejections"] == 2)
    #expect(line["Rejections.S3.NoSuchKey"] == 2)
  }

  @Test func aFailureWithoutCredentialsIsCounted() throws {
    let fixture = try Fixture(environment: ["AWS_ACCESS_KEY_ID": ""])
    defer { fixture.stop() }
    _ = try fixture.failure(notification("a"))
    #expect(metrics(fixture.lines.all).first?["Failures"] == 1)
  }

  /// An HTTP response with 5xx is a success of the invocation.
  @Test func aFailedResponseToARequestIsCounted() throws {
    let broken = Answer(
      424, [("x-amzn-ErrorType", "ModelError")], body: #"{"OriginalStatusCode":500}"#)
    let fixture = try Fixture(endpoint: [broken], environment: ["AWS_MAX_ATTEMPTS": "1"])
    defer { fixture.stop() }
    let request = httpRequest(type: "image/jpeg").replacing("{}", with: "/9j/2Q==")
      .replacing(#""isBase64Encoded":false"#, with: #""isBase64Encoded":true"#)
    guard case .answer(let answer) = fixture.say(request) else { throw Fixture.Unexpected() }
    #expect(answer["statusCode"] == 502)
    #expect(metrics(fixture.lines.all).first?["Failures.SageMaker.ModelError"] == 1)
  }

  @Test func aResponseThatIsTooLargeIsCounted() throws {
    let values = (0..<150_000).map { "0.\($0 + 100_000)" }.joined(separator: ",")
    let fixture = try Fixture(
      endpoint: [Answer(200, body: "[[\(values)]]")],
      environment: ["MODEL_OUTPUT": "sigmoid", "MAX_CLASSES": "150000"])
    defer { fixture.stop() }
    #expect(try fixture.answer(consoleRequest).status == 502)
    #expect(metrics(fixture.lines.all).last?["Failures.Runtime.ResponseTooLarge"] == 1)
  }
}
