import AWSClient
import AWSControl

/// Publishes `$LATEST` as a version.
package enum VersionPublishing {
  package struct Outcome: Sendable {
    /// The version; nil in a dry run.
    package let version: FunctionConfiguration?
    /// False when `$LATEST` was that version already.
    package let isNew: Bool
  }

  /// Waits for an update in progress, publishes `$LATEST`, and waits for the version.
  ///
  /// - Parameters:
  ///   - codeSHA256: the expected code, SHA-256 of the zip in base64; any other is refused.
  ///   - waiter: nil refuses while an update is in progress, and does not wait for the new version.
  /// - Throws: `Refusal`, `AWSError`, `Interrupted`.
  package static func publish(
    functionName: String, codeSHA256: String? = nil, description: String? = nil,
    with client: ControlClient, _ waiter: Waiter?
  ) throws -> Outcome {
    let latest = try Readiness.waitForUpdate(functionName: functionName, with: client, waiter)
    if let codeSHA256 { try require(codeSHA256, of: latest) }
    let known = try client.all(ListVersionsByFunction(functionName: functionName)).map(\.version)
    guard let published = try publish(latest, description, with: client) else {
      return Outcome(version: nil, isNew: true)
    }
    if waiter != nil, published.state == "Pending" {
      try Readiness.waitForVersion(
        functionName: functionName, version: published.version, with: client, waiter)
    }
    return Outcome(version: published, isNew: !known.contains(published.version))
  }

  private static func require(_ codeSHA256: String, of latest: FunctionConfiguration) throws {
    guard latest.codeSHA256 == codeSHA256 else {
      throw Refusal(
        "The code of \(latest.functionName) is not the zip's: its CodeSha256 is "
          + "\(latest.codeSHA256), the zip's \(codeSHA256). Nothing was published",
        advice: "Use deploy to upload the zip, or omit --zip to publish the present code")
    }
  }

  /// Guarded by code and RevisionId; a stale revision with the same code and configuration comes
  /// from a change of permissions, tags or concurrency, so that the call is retried once.
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
          "\(latest.functionName) was changed meanwhile (its RevisionId is stale): code "
            + "\(now.codeSHA256), changed \(now.lastModified). Nothing was published",
          advice: "Inspect versions list, then repeat the command if it is still right")
      }
      return try client.write(request(now))
    }
  }
}
