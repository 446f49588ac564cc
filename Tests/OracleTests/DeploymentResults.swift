import Foundation
import JSON
import LocalAWS
import SigV4
import Synchronization
import TestSupport
import Testing

extension Oracle {
  static let deployment = Oracle(variable: "DEPLOYMENT_ORACLE", script: "deployment.sh")
}

/// The results of the template's stack in MiniStack. `deployment.py` runs its experiments once;
/// each test checks one of them. LocalAWS is the endpoint; it has the keys of the function's role
/// and verifies every signature.
enum DeploymentResults {
  /// An experiment of `deployment.py`.
  static func experiment(_ name: String) throws -> JSONValue {
    try shared.get().experiments.member(name)
  }

  /// A result of `deployment.py prepare`.
  static func prepared(_ name: String) throws -> JSONValue {
    try Oracle.deployment.description().member(name)
  }

  /// The HTTP statuses of the endpoint, in order.
  static func endpointStatuses() throws -> [Int] { try shared.get().statuses }

  private struct Outcome {
    let experiments: JSONValue
    let statuses: [Int]
  }

  private static let shared = Result { try run() }

  private static func run() throws -> Outcome {
    let description = try Oracle.deployment.description()
    let sessions = try #require(description["sessions"]?.arrayValue).map { try $0.credentials() }
    let statuses = ServedStatuses()
    var configuration = LocalAWS.Configuration(
      objectsFolder: FileManager.default.temporaryDirectory, credentials: sessions,
      model: BuiltInModel())
    configuration.monitor = statuses
    let aws = try LocalAWS(configuration: configuration)
    defer { aws.stop() }
    guard case .object(var input) = description else { throw OracleError("no object") }
    input.set("sageMakerURL", to: .string(aws.sageMakerBaseURL))
    let experiments = try PythonScript.run(
      description.text("python"), "deployment.py", "experiments", description: .object(input))
    return Outcome(experiments: experiments, statuses: statuses.all)
  }
}

/// The statuses of all responses, in order.
private final class ServedStatuses: ServiceMonitor {
  private let statuses = Mutex<[Int]>([])

  var all: [Int] { statuses.withLock { $0 } }

  func began(_ call: ServiceCall) -> ServiceFault? { nil }

  func ended(_ call: ServiceCall, status: Int?, responseBytes: Int) {
    statuses.withLock { $0 += status.map { [$0] } ?? [] }
  }
}
