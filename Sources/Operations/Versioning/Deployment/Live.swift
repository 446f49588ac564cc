import AWSControl

/// What has the traffic when a deployment begins.
struct Live {
  /// The alias; nil before the first deployment.
  let alias: AliasConfiguration?
  /// Provisioned concurrency by qualifier.
  let provisioned: [String: ProvisionedConcurrency]

  init(_ alias: AliasConfiguration?, functionName: String, with client: ControlClient) throws {
    self.alias = alias
    let all = try client.provisionedConcurrency(ofFunction: functionName)
    provisioned = Dictionary(
      all.compactMap { configuration in configuration.qualifier.map { ($0, configuration) } },
      uniquingKeysWith: { $1 })
  }

  /// On the alias itself.
  var onAlias: ProvisionedConcurrency? { alias.flatMap { provisioned[$0.name] } }
  /// On the version that the alias points to.
  var onVersion: ProvisionedConcurrency? { alias.flatMap { provisioned[$0.functionVersion] } }
}

/// How far a deployment has come, for whoever has to go on.
struct Progress {
  var isUploaded = false
  var published: String?
  /// Where the alias is, when it has been touched.
  var alias: AliasState?
  /// Qualifiers that were given provisioned concurrency.
  var provisioned: [String] = []

  /// In which state things are, and how to go on; nil when nothing was done.
  func text(_ request: Deployment.Request) -> String? {
    guard let published else {
      return isUploaded
        ? "The code is uploaded, no version of it is published, alias \(request.alias) has not been "
          + "touched. Run the same command again to go on" : nil
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
      sentences.append("alias \(request.alias) has not been touched")
    }
    let back =
      alias == nil
      ? "" : ", or inferencectl alias rollback --function-name \(request.functionName) to go back"
    return sentences.joined(separator: "; ") + ". Run the same command again to go on\(back)"
  }
}
