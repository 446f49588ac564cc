import Foundation

/// One run of a contender under `mock-aws`, which starts it, serves it and measures it.
struct MockRun {
  /// What it printed; times in microseconds.
  struct Findings: Decodable {
    let firstNextMicroseconds: Double
    let firstAnswerMicroseconds: Double
    let medianMicroseconds: Double
    let cpuMicroseconds: Double
    let mockCPUMicroseconds: Double
    let peakKibibytes: Double
    let answerBytes: Int
    /// Of the first answer; the others were equal to it.
    let answerHash: String
  }

  /// The same secret for all, so that signatures can be checked.
  static let secretAccessKey = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY"

  static let sessionToken = String(repeating: "TOKEN", count: 100)

  var invocations = 1
  var warmUp = 0
  var imageBytes = 100 * 1_024
  var records = 1
  var endpointMilliseconds = 0
  var isSkipped = false
  /// Nil leaves the core to the system.
  var core: Int?
  /// Where the first requests and answer, and the contender's own output, are kept; nil keeps nothing.
  var folder: URL?

  func run(_ contender: Contender, in workspace: Workspace) throws(BenchmarkFailure) -> Findings {
    var arguments = [
      workspace.mock.path, "--invocations", "\(invocations)", "--warmup", "\(warmUp)",
    ]
    arguments += ["--image-bytes", "\(imageBytes)", "--records", "\(records)"]
    arguments += ["--delay", "\(endpointMilliseconds)"]
    if isSkipped { arguments.append("--skipped") }
    if let core { arguments += ["--core", "\(core)"] }
    if let folder {
      arguments += ["--keep", folder.path, "--log", folder.appendingPathComponent("log").path]
    }
    var command = Command(arguments + ["--"] + contender.command)
    command.environment = Self.environment.merging(contender.environment) { $1 }
    do {
      return try JSONDecoder().decode(Findings.self, from: Data(command.output().utf8))
    } catch let failure as BenchmarkFailure {
      throw BenchmarkFailure("\(contender.name): \(failure.message)")
    } catch {
      throw BenchmarkFailure("\(contender.name): what was measured cannot be read: \(error)")
    }
  }

  /// Nothing of the caller's but where programs are.
  private static let environment = [
    "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": "/nonexistent",
    "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": secretAccessKey, "AWS_SESSION_TOKEN": sessionToken,
    "AWS_EC2_METADATA_DISABLED": "true", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1",
    "ENDPOINT_NAME": "dog-breeds", "AWS_LAMBDA_FUNCTION_NAME": "classify",
    "AWS_LAMBDA_FUNCTION_VERSION": "1", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
  ]
}
