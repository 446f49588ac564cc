import JSON
import TestSupport

extension ScriptedLambda {
  /// Everything that the server knows. A test sets it up, changes it, looks at it.
  public struct State: Sendable {
    /// The only function.
    public var functionName = "photo-classifier"
    /// Its tags.
    public var tags: [String: String] = [:]
    /// What would be published.
    public var latest = Version(number: "$LATEST", codeSHA256: "code-1")
    /// Published, oldest first.
    public var versions: [Version] = []
    /// By name.
    public var aliases: [String: Alias] = [:]
    /// By qualifier.
    public var provisioned: [String: Provisioned] = [:]
    /// Reserved concurrency.
    public var reserved: Int?
    /// The account's limit.
    public var accountLimit = 1_000
    /// What other functions have reserved.
    public var reservedElsewhere = 0
    /// Resource ids that Application Auto Scaling manages, as `function:photo-classifier:live`.
    public var scalableTargets: [String] = []
    /// Items of one page of a list.
    public var pageSize = 50
    /// Looks at `$LATEST` that find an update in progress.
    public var updateLooks = 1
    /// Looks at a new version that find it pending.
    public var publishLooks = 1
    /// Looks at provisioned concurrency that find it in progress.
    public var allocationLooks = 2
    /// Why allocation fails, by version; it succeeds for the others.
    public var allocationFailures: [String: String] = [:]
    /// Why the update of the code fails after its looks; nil lets it succeed.
    public var updateFailure: String?
    /// What CloudWatch answers: values of one-minute points, newest first.
    public var metrics: @Sendable (MetricQuestion, State) -> [Double] = { _, _ in [] }
    /// Answers that are given once, in their order, instead of doing what is asked; by operation.
    public var faults: [String: [ScriptedServer.Answer]] = [:]
    /// What others do just before an operation is answered, once each.
    public var interference: [Interference] = []
    var revision = 1

    init() {}

    /// Publishes a version with this code, ready at once.
    public mutating func publish(_ number: String, codeSHA256: String) {
      versions.append(Version(number: number, codeSHA256: codeSHA256))
    }

    mutating func nextRevision() -> String {
      revision += 1
      return "revision-\(revision)"
    }
  }

  /// A version, or `$LATEST`.
  public struct Version: Sendable {
    /// `$LATEST` or a number.
    public var number: String
    /// SHA-256 of the zip, base64; any text here.
    public var codeSHA256: String
    /// Bytes of the zip.
    public var codeSize = 4_100_000
    /// `x86_64` or `arm64`.
    public var architecture = "x86_64"
    /// Text of its own.
    public var description = ""
    /// When it was made or changed last.
    public var lastModified = "2026-11-22T14:26:41.123+0000"
    /// Changes with every change.
    public var revision = "revision-1"
    /// Looks until it is done.
    public var looksLeft = 0
    /// Why it failed in the end.
    public var failure: String?

    /// A version.
    public init(number: String, codeSHA256: String) {
      self.number = number
      self.codeSHA256 = codeSHA256
    }
  }

  /// An alias.
  public struct Alias: Sendable, Equatable {
    /// The version it points to.
    public var version: String
    /// Shares of other versions.
    public var weights: [String: Double]
    /// Text.
    public var description: String
    /// Changes with every change.
    public var revision = "revision-1"

    /// An alias.
    public init(_ version: String, weights: [String: Double] = [:], description: String = "") {
      self.version = version
      self.weights = weights
      self.description = description
    }
  }

  /// Provisioned concurrency of a version or an alias.
  public struct Provisioned: Sendable, Equatable {
    /// What was asked for.
    public var requested: Int
    /// `IN_PROGRESS`, `READY`, `FAILED`.
    public var status: String
    /// Why it failed.
    public var reason: String?
    /// Looks until it is done.
    public var looksLeft = 0

    /// Ready.
    public init(_ requested: Int, status: String = "READY") {
      self.requested = requested
      self.status = status
    }
  }

  /// One query of GetMetricData.
  public struct MetricQuestion: Sendable {
    /// `Errors`, `Duration`, …
    public let name: String
    /// `Sum`, `p99`, …
    public let statistic: String
    /// By name.
    public let dimensions: [String: String]
    /// The window's beginning, Unix seconds.
    public let start: Int64
    /// The window's end.
    public let end: Int64
  }

  /// Somebody else's change at a certain moment.
  public struct Interference: Sendable {
    let operation: String
    let action: @Sendable (inout State) -> Void

    /// - Parameter operation: before this one is answered.
    public init(before operation: String, _ action: @escaping @Sendable (inout State) -> Void) {
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
