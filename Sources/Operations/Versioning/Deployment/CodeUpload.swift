import AWSClient
import AWSControl

/// From the zip to a version.
struct CodeUpload {
  let context: DeploymentContext
  private var package: DeploymentPackage { context.request.package }
  private var client: ControlClient { context.client }
  private var functionName: String { context.functionName }

  init(_ context: DeploymentContext) { self.context = context }

  /// Refuses what would not run, and warns of what the deployment does not know.
  func check(_ function: GetFunction.Output) throws {
    let configuration = function.configuration
    if let built = package.architecture, built != configuration.architecture {
      throw Refusal(
        "\(package.path) was built for \(built), but \(functionName) runs on \(configuration.architecture). "
          + "Nothing was changed",
        advice: "Build it on a machine of that architecture, or change the function's")
    }
    if package.architecture == nil {
      context.warn(
        "\(package.path).arch is missing, so that the architecture could not be checked: "
          + "\(functionName) runs on \(configuration.architecture)")
    }
    if let stack = function.tags["aws:cloudformation:stack-name"] {
      context.warn(
        "\(functionName) belongs to the CloudFormation stack \(stack): this deployment is drift, "
          + "which the stack's next update reverts. To deploy through the stack: "
          + "sam deploy --stack-name \(stack) with $(./build-zip.sh --parameters …), see docs/deploy.md"
      )
    }
  }

  /// Uploads and publishes the code, unless that was done before.
  ///
  /// - Parameter seen: `$LATEST`.
  /// - Returns: the version's number.
  func provideVersion(_ seen: FunctionConfiguration) throws -> String {
    if client.isDryRun { return try planVersion(seen) }
    let latest = try Readiness.waitForUpdate(
      functionName: functionName, acceptsFailure: true, with: client, context.waiter)
    if latest.codeSHA256 == package.codeSHA256 {
      context.report("\(package.path): already uploaded")
    } else {
      try upload(latest)
      context.report("\(package.path): uploaded, \(package.bytes.count) bytes")
    }
    let outcome = try VersionPublishing.publish(
      functionName: functionName, codeSHA256: package.codeSHA256, with: client, context.waiter)
    guard let version = outcome.version?.version else { return try planVersion(latest) }
    context.report(
      outcome.isNew
        ? "version \(version): published"
        : "version \(version): already published, code and configuration are the same")
    return version
  }

  /// The zip itself, or its object in S3, which is written first.
  private func source() throws -> UpdateFunctionCode.Source {
    guard let location = package.location(ofFunction: functionName) else {
      return .zip(package.bytes)
    }
    try client.writeObject(package.bytes, to: location, contentType: "application/zip")
    return .object(location)
  }

  /// With `--dry-run` nothing is uploaded, so that the number is an estimate.
  private func planVersion(_ latest: FunctionConfiguration) throws -> String {
    let isUploaded = latest.codeSHA256 == package.codeSHA256
    if !isUploaded { try upload(latest) }
    let versions = try client.all(ListVersionsByFunction(functionName: functionName))
    let newest = versions.max { (Int($0.version) ?? 0) < (Int($1.version) ?? 0) }
    if isUploaded, let newest, newest.version != "$LATEST",
      newest.codeSHA256 == package.codeSHA256
    {
      return newest.version
    }
    try client.write(
      PublishVersion(functionName: functionName, codeSHA256: package.codeSHA256))
    let version = "\((newest.flatMap { Int($0.version) } ?? 0) + 1)"
    context.report("would publish version \(version) (estimated)")
    return version
  }

  /// Guarded by RevisionId. A stale one with the same code and configuration comes from a change of
  /// permissions or tags, and is retried once.
  private func upload(_ latest: FunctionConfiguration) throws {
    let source = try source()
    func update(_ seen: FunctionConfiguration) -> UpdateFunctionCode {
      UpdateFunctionCode(
        functionName: functionName, source: source, revisionID: seen.revisionID)
    }
    do {
      try client.write(update(latest))
    } catch let error as AWSError where error.code == .staleRevision {
      let now = try Readiness.waitForUpdate(
        functionName: functionName, acceptsFailure: true, with: client, context.waiter)
      if now.codeSHA256 == package.codeSHA256 { return }
      guard now.codeSHA256 == latest.codeSHA256, now.lastModified == latest.lastModified else {
        throw Refusal(
          "\(functionName) was changed meanwhile (its RevisionId is stale): code "
            + "\(now.codeSHA256), changed \(now.lastModified). Nothing was uploaded",
          advice: "Inspect versions list, then repeat the command if it is still right")
      }
      try client.write(update(now))
    }
  }
}
