import AWSClient
import AWSControl
import Results

/// The function of a backfill: one version, so that an alias that moves does not change the code in the middle of a
/// job.
package struct BackfillTarget: Sendable {
  package let functionName: String
  /// A number.
  package let version: String
  /// Without the version, for calls: a name alone would be another function in another account or Region.
  package let unqualifiedARN: String
  /// With the version behind it.
  package var functionARN: String { "\(unqualifiedARN):\(version)" }
  package let configuration: FunctionConfiguration
  /// Reserved concurrency; nil when there is none.
  package let reservedConcurrency: Int?
  /// What the functions of the account without a reservation share; nil when it could not be read.
  package let unreservedConcurrency: Int?
  /// What could not be read.
  package let notes: [String]

  /// - Parameter qualifier: an alias or a number.
  /// - Throws: `AWSError`; `Refusal` for `$LATEST`, which is not a version.
  package static func resolve(
    _ functionName: String, qualifier: String, with client: ControlClient
  ) throws -> BackfillTarget {
    let configuration = try client.read(
      GetFunctionConfiguration(functionName: functionName, qualifier: qualifier))
    guard configuration.version.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw Refusal(
        "\(functionName):\(qualifier) is \(configuration.version), whose code can change during a backfill",
        advice:
          "Publish a version with `versions publish`, and use its number or an alias as --qualifier"
      )
    }
    // Without the alias, which may be behind it.
    let arn = configuration.functionARN.split(separator: ":", omittingEmptySubsequences: false)
      .prefix(7).joined(separator: ":")
    var notes: [String] = []
    let reserved = try client.attempt("Reserved concurrency", notes: &notes) {
      try client.read(GetFunctionConcurrency(functionName: arn)).reserved
    }
    let account = try client.attempt("The account's concurrency", notes: &notes) {
      try client.read(GetAccountSettings()).unreservedConcurrentExecutions
    }
    return BackfillTarget(
      functionName: configuration.functionName, version: configuration.version,
      unqualifiedARN: arn, configuration: configuration,
      reservedConcurrency: reserved ?? nil, unreservedConcurrency: account, notes: notes)
  }

  /// `MAX_IMAGE_BYTES`, or the default of the kind of endpoint, as the function has it.
  package var maximumImageBytes: Int {
    if let bytes = configuration.maximumImageBytes { return bytes }
    return switch configuration.endpointKind {
    case "serverless": 4_194_304
    case "asynchronous": 1 << 30
    default: 6_291_456
    }
  }

  /// Where the function stores results: its prefix is empty or ends with a slash.
  package var results: S3Location? {
    configuration.resultBucket.map {
      ResultKeys(S3Location(bucket: $0, key: configuration.resultPrefix ?? "")).location
    }
  }

  /// Invocations that can run at the same time; nil when it is not known.
  package var concurrency: Int? { reservedConcurrency ?? unreservedConcurrency }

  /// What live uploads and the backfill share, and how to part them.
  package var sharing: String {
    let own = "deploy a second stack of the same zip without a trigger (docs/backfill.md)"
    if let reservedConcurrency {
      return
        "Live uploads and the backfill share the function's reserved concurrency of \(reservedConcurrency): uploads "
        + "are throttled, retried, and delayed while the backfill uses all of it. To part them, \(own)"
    }
    let amount = unreservedConcurrency.map { "\($0) " } ?? ""
    return
      "The function has no reserved concurrency: the backfill can use all \(amount)unreserved executions of the "
      + "account, and throttle live uploads and other functions. To limit it, use `concurrency reserve`, or \(own)"
  }

  /// Why the function cannot read these objects; nil where nothing is known against it.
  package func problem(with location: S3Location) -> String? {
    guard let bucket = configuration.imageBucket else { return nil }
    let prefix = configuration.imagePrefix ?? ""
    guard bucket != location.bucket || !location.key.utf8.starts(with: prefix.utf8) else {
      return nil
    }
    return
      "The function's images are at s3://\(bucket)/\(prefix): its role may not read \(location)"
  }
}
