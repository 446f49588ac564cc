import AWSControl

/// What a deployment that stopped leaves behind, as AWS reports it now.
struct DeploymentState {
  private let context: DeploymentContext
  /// Knows which reads of the alias are late; nil before the traffic moves.
  private let rollout: TrafficRollout?

  init(_ context: DeploymentContext, _ rollout: TrafficRollout? = nil) {
    self.context = context
    self.rollout = rollout
  }

  /// The state of code, version and alias, and how to continue; nil when nothing was changed.
  func text() -> String? {
    do {
      return try read()
    } catch {
      let traffic = rollout.map { "; version \($0.version) may have traffic, which nobody watches" }
      return "The state could not be read (\(error))\(traffic ?? ""). Inspect it: \(show)"
    }
  }

  private func read() throws -> String? {
    let (client, functionName) = (context.client, context.functionName)
    let code = context.request.package.codeSHA256
    let versions = try client.all(ListVersionsByFunction(functionName: functionName))
    let published = versions.filter { $0.version != "$LATEST" && $0.codeSHA256 == code }
      .max { (Int($0.version) ?? 0) < (Int($1.version) ?? 0) }
    guard let version = published?.version else {
      let isUploaded = versions.contains { $0.version == "$LATEST" && $0.codeSHA256 == code }
      return isUploaded
        ? "The code is uploaded but not published, and alias \(context.alias) does not use it. "
          + "To resume, run the same command again" : nil
    }
    return try text(version)
  }

  private func text(_ version: String) throws -> String {
    var sentences = ["Version \(version) is published"]
    let provisioned = try context.client.provisionedConcurrency(ofFunction: context.functionName)
    if provisioned.contains(where: { $0.qualifier == version }) {
      sentences.append("version \(version) has provisioned concurrency, which is billed")
    }
    guard let alias = try rollout?.readAlias() ?? context.editor.readIfPresent() else {
      return "\(sentences.joined(separator: "; ")). To resume, run the same command again"
    }
    let state = AliasState(alias)
    sentences.append("alias \(context.alias) is at \(state.text)")
    if AliasMemory(description: alias.description).watch?.version == version,
      state.share(of: version) > 0
    {
      sentences.append("version \(version) is not proven and no longer watched")
    }
    let text = sentences.joined(separator: "; ") + ". To resume, run the same command again"
    return state.share(of: version) > 0 ? "\(text). To roll back: \(rollback)" : text
  }

  private var arguments: String {
    "--function-name \(context.request.functionName)"
      + (context.alias == "live" ? "" : " --qualifier \(context.alias)")
  }

  var show: String { "inferencectl alias show \(arguments)" }
  var rollback: String { "inferencectl alias rollback \(arguments)" }
  /// A rollback to a version, which is right wherever the alias is.
  func rollback(to version: String) -> String {
    "inferencectl alias rollback --to \(version) \(arguments)"
  }
}
