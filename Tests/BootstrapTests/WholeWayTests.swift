import Foundation
import JSON
import LocalAWS
import RuntimeEmulator
import TestSupport
import Testing

@Suite struct WholeWayTests {
  @Test func theShepherdOfTheUploadEventIsRecognisedByTheRealModel() throws {
    let function = try Function(model: BuiltInModel())
    defer { function.stop() }
    let outcome = try function.invoke(file: "s3.json")
    let result = try #require(Function.body(outcome)["results"]?[0])
    let probabilities = result["probabilities"]?.arrayValue?.compactMap {
      $0["probability"]?.doubleValue
    }
    #expect(result["source"]?["key"] == "uploads/Schäferhund Rex.jpg")
    #expect(probabilities?.count == 118)
    #expect(abs((probabilities ?? []).reduce(0, +) - 1) < 1e-9)
    #expect((probabilities?.first ?? 0) >= 0.9)
  }

  @Test(arguments: [
    ("s3.json", 1), ("s3-two-records.json", 2), ("s3-test-event.json", 0), ("test-url.json", 1),
    ("test-key.json", 1),
  ])
  func everyEventOfTheFolderIsAnswered(file: String, results: Int) throws {
    let function = try Function()
    defer { function.stop() }
    let outcome = try function.invoke(file: file)
    #expect(outcome.errorType == nil)
    #expect(try Function.body(outcome)["results"]?.arrayValue?.count == results)
  }

  @Test func theConsolesTemplateIsAnErrorThatNamesWhatIsAccepted() throws {
    let function = try Function()
    defer { function.stop() }
    let outcome = try function.invoke(file: "console-template.json")
    #expect(outcome.errorType == "Event.Unknown")
    let message = try JSONValue(parsing: outcome.payload)["errorMessage"]?.stringValue ?? ""
    #expect(message.contains("bucket") && message.contains("Records"))
  }

  @Test func aFailureIsFollowedByASuccessInTheSameProcess() throws {
    let function = try Function()
    defer { function.stop() }
    let missing = #"{"Records":[{"s3":{"bucket":{"name":"dog-photos"},"object":{"key":"no"}}}]}"#
    #expect(function.invoke(missing).errorType == "S3.NoSuchKey")
    #expect(try function.invoke(file: "test-key.json").errorType == nil)
    #expect(function.process.waitForExit(timeoutSeconds: 0) == nil)
  }

  @Test func whatIsNoImageIsTheModelsErrorWithItsFirstLine() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    let bucket = folder.appendingPathComponent("dog-photos")
    try FileManager.default.createDirectory(at: bucket, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("this is not an image".utf8).write(to: bucket.appendingPathComponent("a.jpg"))
    let function = try Function(model: BuiltInModel()) { $0.objectsFolder = folder }
    defer { function.stop() }
    let outcome = function.invoke(
      #"{"Records":[{"s3":{"bucket":{"name":"dog-photos"},"object":{"key":"a.jpg"}}}]}"#)
    #expect(outcome.errorType == "SageMaker.ModelError")
    let message = try JSONValue(parsing: outcome.payload)["errorMessage"]?.stringValue ?? ""
    #expect(message.contains("s3://dog-photos/a.jpg"))
    #expect(!message.contains("\n"))
  }

  @Test func aWrongSecretIsAClearErrorOfS3() throws {
    let function = try Function(environment: ["AWS_SECRET_ACCESS_KEY": "wrong"])
    defer { function.stop() }
    let outcome = try function.invoke(file: "s3.json")
    #expect(outcome.errorType == "S3.SignatureDoesNotMatch")
    #expect(!function.process.log.joined().contains("wrong"))
  }

  @Test func theRuntimeAPIIsNeverReachedThroughAProxy() throws {
    let proxy = try ScriptedServer([.init(502)])
    defer { proxy.stop() }
    // The emulated services are also on loopback, which the proxy's exceptions cover.
    let function = try Function(environment: [
      "http_proxy": proxy.baseURL, "HTTP_PROXY": proxy.baseURL, "ALL_PROXY": proxy.baseURL,
    ])
    defer { function.stop() }
    let outcome = try function.invoke(file: "test-key.json")
    #expect(outcome.errorType == nil, "the invocation itself came and went without the proxy")
    #expect(!proxy.requests.isEmpty, "calls to AWS went through it")
    #expect(proxy.requests.allSatisfy { !$0.target.contains("/runtime/invocation") })
  }
}

@Suite struct InitErrorTests {
  @Test(arguments: [
    (["ENDPOINT_NAME": ""], "Configuration.ENDPOINTNAME"),
    (["ENDPOINT_NAME": "a/b"], "Configuration.ENDPOINTNAME"),
    (["AWS_REGION": ""], "Configuration.AWSREGION"),
    (["MODEL_OUTPUT": "x"], "Configuration.MODELOUTPUT"),
    (["CLASS_LABELS": "/nonexistent"], "Configuration.CLASSLABELS"),
  ])
  func aBadConfigurationIsReportedAndEndsTheProcess(
    environment: [String: String], type: String
  ) throws {
    let function = try Function(environment: environment)
    defer { function.stop() }
    #expect(function.process.waitForExit() == 1)
    #expect(function.emulator.reportedInitError?.type == type)
    #expect(function.process.log.last?.contains("FATAL") == true)
  }
}
