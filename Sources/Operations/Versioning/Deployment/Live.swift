import AWSControl

/// What has the traffic when a deployment begins.
struct Live {
  /// The alias; nil before the first deployment.
  let alias: AliasConfiguration?
  let provisioned: [String: ProvisionedConcurrency]

  init(_ alias: AliasConfiguration?, functionName: String, with client: ControlClient) throws {
    self.alias = alias
    let all = try client.provisionedConcurrency(ofFunction: functionName)
    provisioned = Dictionary(
      all.compactMap { configuration in configuration.qualifier.map { ($0, configuration) } },
      uniquingKeysWith: { $1 })
  }

  var onAlias: ProvisionedConcurrency? { alias.flatMap { provisioned[$0.name] } }
  /// On the version that the alias points to.
  var onVersion: ProvisionedConcurrency? { alias.flatMap { provisioned[$0.functionVersion] } }
}

/// How far a deployment has come, to resume it.
struct Progress {
  var isUploaded = false
  var published: String?
  /// Where the alias is; nil while it is unchanged.
  var alias: AliasState?
  /// Qualifiers that were provisioned.
  var provisioned: [String] = []

  /// The state of version and alias, and how to resume; nil when nothing was done.
  func text(_ request: Deployment.Request) -> String? {
    guard let published else {
      return isUploaded
        ? "The code is uploaded but not published, alias \(request.alias) is "
          + "unchanged. To resume, run the same command again" : nil
    }
    var sentences = ["Version \(published) is published"]
    if !provisioned.isEmpty {
      sentences.append(
        "\(provisioned.map { "version \($0)" }.joined(separator: " and ")) has provisioned concurrency, "
          + "which is billed")
    }
    if let alias {
      sentences.append("alias \(request.alias) is at \(alias.text)")
    } else {
      sentences.append("alias \(request.alias) is unchanged")
    }
    let back =
      alias == nil
      ? "" : ". To roll back: inferencectl alias rollback --function-name \(request.functionName)"
    return sentences.joined(separator: "; ") + ". To resume, run the same command again\(back)"
  }
}
