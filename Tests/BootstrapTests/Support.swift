import Foundation
import JSON
import LocalAWS
import RuntimeEmulator
import SigV4
import TestSupport

/// The real bootstrap process with an emulated Runtime API and emulated AWS services.
final class Function {
  let emulator: RuntimeEmulator
  let aws: LocalAWS
  let process: BootstrapProcess

  static let credentials = AWSCredentials(
    accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    sessionToken: "SESSIONTOKEN")

  init(
    model: any InferenceModel = FixedReplyModel(json: "[[0.1, 0.7, 0.2]]"),
    timeoutMilliseconds: Int64 = 60_000, environment: [String: String] = [:],
    configure: (inout LocalAWS.Configuration) -> Void = { _ in }
  ) throws {
    var configuration = LocalAWS.Configuration(
      objectsFolder: Repository.root.appendingPathComponent("events/objects"),
      credentials: [Self.credentials], model: model)
    configure(&configuration)
    aws = try LocalAWS(configuration: configuration)
    var emulation = RuntimeEmulator.Configuration()
    emulation.timeoutMilliseconds = timeoutMilliseconds
    emulator = try RuntimeEmulator(configuration: emulation)
    var values = [
      "AWS_LAMBDA_RUNTIME_API": emulator.address, "AWS_REGION": "us-east-1",
      "AWS_ACCESS_KEY_ID": Self.credentials.accessKeyID,
      "AWS_SECRET_ACCESS_KEY": Self.credentials.secretAccessKey,
      "AWS_SESSION_TOKEN": Self.credentials.sessionToken ?? "", "ENDPOINT_NAME": "dog-breeds",
      "AWS_ENDPOINT_URL_S3": aws.s3BaseURL,
      "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": aws.sageMakerBaseURL,
    ]
    values.merge(environment) { $1 }
    process = try BootstrapProcess(environment: values)
  }

  func stop() {
    process.stop()
    emulator.stop()
    aws.stop()
  }

  /// Sends one event and returns the outcome.
  func invoke(_ event: String) -> InvocationOutcome { emulator.invoke(Array(event.utf8)) }

  /// Sends an event from `events/`.
  func invoke(file: String) throws -> InvocationOutcome {
    let url = Repository.root.appendingPathComponent("events/\(file)")
    return emulator.invoke(Array(try Data(contentsOf: url)))
  }

  /// The body of a proxy response.
  static func body(_ outcome: InvocationOutcome) throws -> JSONValue {
    let answer = try JSONValue(parsing: outcome.payload)
    return try JSONValue(parsing: answer["body"]?.stringValue ?? "")
  }
}
