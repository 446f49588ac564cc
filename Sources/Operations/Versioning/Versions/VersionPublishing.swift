import AWSClient
import AWSControl

/// Makes a version of `$LATEST`.
package enum VersionPublishing {
  /// What became of it.
  package struct Outcome: Sendable {
    /// The version; nil when it was only planned.
    package let version: FunctionConfiguration?
    /// False when `$LATEST` was that version already.
    package let isNew: Bool
  }

  /// Publishes what `$LATEST` is, waits for an update that is under way before and for the version after.
  ///
  /// - Parameters:
  ///   - codeSHA256: the code that is meant, SHA-256 of the zip in base64; another one is refused.
  ///   - waiter: nil refuses while an update is under way, and does not wait for the new version.
  /// - Throws: `Refusal`, `AWSError`, `Interrupted`.
  package static func publish(
    functionName: String, codeSHA256: String? = nil, description: String? = nil,
    with client: ControlClient, _ waiter: Waiter?
  ) throws -> Outcome {
    let latest = try Readiness.updated(functionName: functionName, with: client, waiter)
    if let codeSHA256 { try require(codeSHA256, of: latest) }
    let known = try client.all(ListVersionsByFunction(functionName: functionName)).map(\.version)
    guard let published = try publish(latest, description, with: client) else {
      return Outcome(version: nil, isNew: true)
    }
    if waiter != nil, published.state == "Pending" {
      try Readiness.active(
        functionName: functionName, version: published.version, with: client, waiter)
    }
    return Outcome(version: published, isNew: !known.contains(published.version))
  }

  private static func require(_ codeSHA256: String, of latest: FunctionConfiguration) throws {
    guard latest.codeSHA256 == codeSHA256 else {
      throw Refusal(
        "The code of \(latest.functionName) is not that of the zip: its CodeSha256 is "
          + "\(latest.codeSHA256), the zip's \(codeSHA256). Nothing was published",
        advice: "Use deploy to upload the zip, or leave --zip out to publish what is there")
    }
  }

  /// Guarded by code and RevisionId; a stale revision with the same code and configuration is only somebody's
  /// permission, tag or concurrency, so that it is tried once more.
  private static func publish(
    _ latest: FunctionConfiguration, _ description: String?, with client: ControlClient
  ) throws -> FunctionConfiguration? {
    func request(_ seen: FunctionConfiguration) -> PublishVersion {
      PublishVersion(
        functionName: seen.functionName, codeSHA256: seen.codeSHA256, revisionID: seen.revisionID,
        description: description)
    }
    do {
      return try client.write(request(latest))
    } catch let error as AWSError where error.code.rawValue == "PreconditionFailedException" {
      let now = try client.read(GetFunctionConfiguration(functionName: latest.functionName))
      guard now.codeSHA256 == latest.codeSHA256, now.lastModified == latest.lastModified else {
        throw Refusal(
          "Somebody else changed \(latest.functionName) meanwhile (its RevisionId is stale): code "
            + "\(now.codeSHA256), changed \(now.lastModified). Nothing was published",
          advice: "Look at versions list, then repeat the command if it is still right")
      }
      return try client.write(request(now))
    }
  }
}
