import JSON
import TestSupport

extension ScriptedLambda {
  /// The server's state, which a test sets up, changes and reads.
  package struct State: Sendable {
    /// The only function.
    package var functionName = "photo-classifier"
    package var tags: [String: String] = [:]
    package var latest = Version(number: "$LATEST", codeSHA256: "code-1")
    /// Published, oldest first.
    package var versions: [Version] = []
    package var aliases: [String: Alias] = [:]
    package var provisioned: [String: Provisioned] = [:]
    package var reserved: Int?
    package var accountLimit = 1_000
    /// What other functions have reserved.
    package var reservedElsewhere = 0
    /// Resource ids that Application Auto Scaling manages, as `function:photo-classifier:live`.
    package var scalableTargets: [String] = []
    /// Their policies, by resource id.
    package var scalingPolicies: [String: [JSONValue]] = [:]
    /// Items of one page of a list.
    package var pageSize = 50
    /// Looks at `$LATEST` that find an update in progress.
    package var updateLooks = 1
    /// Looks at a new version that find it pending.
    package var publishLooks = 1
    /// Looks at provisioned concurrency that find it in progress.
    package var allocationLooks = 2
    /// Why allocation fails, by version; it succeeds for the others.
    package var allocationFailures: [String: String] = [:]
    /// Why the update of the code fails after its looks; nil lets it succeed.
    package var updateFailure: String?
    /// What CloudWatch answers: values of one-minute points, newest first.
    package var metrics: @Sendable (MetricQuestion, State) -> [Double] = { _, _ in [] }
    /// States of CloudWatch alarms by name: `OK`, `ALARM`.
    package var alarms: [String: String] = [:]
    /// What an invoked version answers.
    package var smokeAnswer: JSONValue = .null
    /// Answers that are given once, in their order, instead of doing what is asked; by operation.
    package var faults: [String: [ScriptedServer.Answer]] = [:]
    /// What others do just before an operation is answered, once each.
    package var interference: [Interference] = []
    var revision = 1

    init() {}

    /// Publishes a version with this code, ready at once.
    package mutating func publish(_ number: String, codeSHA256: String) {
      versions.append(Version(number: number, codeSHA256: codeSHA256))
    }

    mutating func nextRevision() -> String {
      revision += 1
      return "revision-\(revision)"
    }
  }

  /// A version, or `$LATEST`.
  package struct Version: Sendable {
    /// `$LATEST` or a number.
    package var number: String
    /// SHA-256 of the zip, base64; any text here.
    package var codeSHA256: String
    /// Bytes of the zip.
    package var codeSize = 4_100_000
    /// `x86_64` or `arm64`.
    package var architecture = "x86_64"
    package var description = ""
    /// When it was made or changed last.
    package var lastModified = "2026-11-22T14:26:41.123+0000"
    package var revision = "revision-1"
    /// Looks until it is done.
    package var looksLeft = 0
    /// Why it failed in the end.
    package var failure: String?

    package init(number: String, codeSHA256: String) {
      self.number = number
      self.codeSHA256 = codeSHA256
    }
  }

  package struct Alias: Sendable, Equatable {
    package var version: String
    package var weights: [String: Double]
    package var description: String
    package var revision = "revision-1"

    package init(_ version: String, weights: [String: Double] = [:], description: String = "") {
      self.version = version
      self.weights = weights
      self.description = description
    }
  }

  /// Provisioned concurrency of a version or an alias.
  package struct Provisioned: Sendable, Equatable {
    package var requested: Int
    /// `IN_PROGRESS`, `READY`, `FAILED`.
    package var status: String
    package var reason: String?
    /// Looks until it is done.
    package var looksLeft = 0

    package init(_ requested: Int, status: String = "READY") {
      self.requested = requested
      self.status = status
    }
  }

  package struct MetricQuestion: Sendable {
    /// `Errors`, `Duration`, …
    package let name: String
    /// `Sum`, `p99`, …
    package let statistic: String
    package let dimensions: [String: String]
    /// The window's beginning, Unix seconds.
    package let start: Int64
    package let end: Int64
  }

  /// Another operator's change at a given moment.
  package struct Interference: Sendable {
    let operation: String
    let action: @Sendable (inout State) -> Void

    /// - Parameter operation: before this one is answered.
    package init(before operation: String, _ action: @escaping @Sendable (inout State) -> Void) {
      self.operation = operation
      self.action = action
    }
  }
}

/// An error answer as Lambda words it.
struct Refused: Error {
  let answer: ScriptedServer.Answer

  init(_ status: Int, _ code: String, _ message: String) {
    let body: JSONValue = ["Type": "User", "Message": .string(message)]
    answer = .init(
      status,
      [
        ("x-amzn-ErrorType", code), ("x-amzn-RequestId", "5b6e1c7a-request"),
        ("Content-Type", "application/json"),
      ], bytes: body.serialized())
  }

  static func invalid(_ message: String) -> Refused {
    Refused(400, "InvalidParameterValueException", message)
  }

  static func conflict(_ message: String) -> Refused {
    Refused(409, "ResourceConflictException", message)
  }

  static func notFound(_ message: String) -> Refused {
    Refused(404, "ResourceNotFoundException", message)
  }

  static let staleRevision = Refused(
    412, "PreconditionFailedException",
    "The RevisionId provided does not match the latest RevisionId. Call the GetFunction/GetAlias API"
      + " to retrieve the latest RevisionId")
}
