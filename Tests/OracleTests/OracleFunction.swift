import Foundation
import JSON
import RuntimeEmulator
import SigV4
import TestSupport
import Testing

/// The real bootstrap process, invoked through the Runtime API emulator, with third-party S3 and
/// SageMaker Runtime.
final class OracleFunction {
  let emulator: RuntimeEmulator
  private let process: BootstrapProcess

  init(
    credentials: AWSCredentials, s3URL: String, sageMakerURL: String, region: String = "us-east-1",
    environment: [String: String] = [:]
  ) throws {
    var configuration = RuntimeEmulator.Configuration()
    configuration.timeoutMilliseconds = 30_000
    emulator = try RuntimeEmulator(configuration: configuration)
    var values = [
      "AWS_LAMBDA_RUNTIME_API": emulator.address, "AWS_REGION": region,
      "AWS_ACCESS_KEY_ID": credentials.accessKeyID,
      "AWS_SECRET_ACCESS_KEY": credentials.secretAccessKey, "ENDPOINT_NAME": "dog-breeds",
      "AWS_ENDPOINT_URL_S3": s3URL, "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": sageMakerURL,
    ]
    values["AWS_SESSION_TOKEN"] = credentials.sessionToken
    values.merge(environment) { $1 }
    let process = try BootstrapProcess(environment: values)
    self.process = process
    let emulator = emulator
    // An invocation that no process fetches must not wait forever.
    let watch = Thread {
      _ = process.waitForExit(timeoutSeconds: 120)
      emulator.stop()
    }
    watch.start()
  }

  deinit { stop() }

  /// What the function logged.
  var log: String { process.log.joined(separator: "\n") }

  func stop() {
    process.stop()
    emulator.stop()
  }

  /// Sends one event and waits for the outcome.
  func invoke(_ event: JSONValue) -> InvocationOutcome { emulator.invoke(event.serialized()) }

  /// The document in the response to an event that must succeed.
  func classify(
    _ event: JSONValue, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> JSONValue {
    let outcome = invoke(event)
    let payload = String(decoding: outcome.payload, as: UTF8.self)
    try #require(
      outcome.errorType == nil, "\(payload)\n\(log)", sourceLocation: sourceLocation)
    let answer = try JSONValue(parsing: outcome.payload)
    #expect(answer["statusCode"]?.int64Value == 200, sourceLocation: sourceLocation)
    return try JSONValue(parsing: try answer.text("body"))
  }

  /// The error of an invocation that must fail.
  func failure(
    _ event: JSONValue, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> (type: String, message: String) {
    let outcome = invoke(event)
    let payload = String(decoding: outcome.payload, as: UTF8.self)
    let type = try #require(outcome.errorType, "\(payload)\n\(log)", sourceLocation: sourceLocation)
    let error = try JSONValue(parsing: outcome.payload)
    #expect(error["errorType"]?.stringValue == type, sourceLocation: sourceLocation)
    return (type, try error.text("errorMessage"))
  }
}

/// An S3 notification with form-encoded keys.
func s3Event(bucket: String, encodedKeys keys: String...) -> JSONValue {
  let records = keys.map { key in
    [
      "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "us-east-1",
      "eventName": "ObjectCreated:Put",
      "s3": ["bucket": ["name": .string(bucket)], "object": ["key": .string(key)]],
    ] as JSONValue
  }
  return ["Records": .array(records)]
}
