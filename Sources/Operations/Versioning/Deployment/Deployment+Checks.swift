import AWSControl

/// What is refused before any change.
extension Deployment {
  /// Checks alias, code, alarms and metrics.
  ///
  /// - Returns: makes the reader of two versions' metrics.
  func checkTraffic(
    _ live: Live, _ context: DeploymentContext, _ latest: FunctionConfiguration
  ) throws -> (_ new: String, _ old: String) -> HealthReader {
    let request = context.request
    if !request.force, live.memory.hasFailed(code: request.package.codeSHA256) {
      throw Refusal(
        "\(request.package.path) has code \(AliasMemory.mark(request.package.codeSHA256)), which failed on "
          + "alias \(request.alias) and was rolled back. Nothing was changed",
        advice: "Deploy a mended version; to deploy this one nevertheless, add --force")
    }
    if let alias = live.alias { try checkShares(alias, context) }
    let queue = try failureQueue(latest, context)
    let reader = { (new: String, old: String) in
      HealthReader(
        functionName: context.functionName, alias: request.alias, new: new, old: old,
        limits: request.limits, endpointName: latest.endpointName, failureQueue: queue,
        alarms: request.alarms,
        client: context.client)
    }
    guard request.watches, let alias = live.alias,
      !request.traffic.steps.isEmpty || request.bake.milliseconds > 0
    else { return reader }
    // Else a missing permission is found only with traffic on an unmonitored version.
    let version = alias.functionVersion
    let sample = try reader(version, version).read(since: context.now, now: context.now)
    guard sample.alarms.isEmpty else {
      throw Refusal(
        "Alarm \(sample.alarms.joined(separator: ", ")) is in the state ALARM already. Nothing was changed",
        advice: "Wait until it is OK, or omit it")
    }
    return reader
  }

  /// A share of the traffic must belong to this code, and to a plan that watches it.
  private func checkShares(_ alias: AliasConfiguration, _ context: DeploymentContext) throws {
    guard let other = alias.additionalVersionWeights.keys.first else { return }
    let code = try context.client.read(
      GetFunctionConfiguration(functionName: context.functionName, qualifier: other)
    ).codeSHA256
    guard code == context.request.package.codeSHA256 else {
      throw Refusal(
        "Alias \(context.alias) is at \(AliasState(alias).text), which belongs to another deployment",
        advice: "Use alias promote or alias rollback first")
    }
    guard !context.request.traffic.steps.isEmpty else {
      throw Refusal(
        "Alias \(context.alias) is at \(AliasState(alias).text): a deployment of this zip by steps was "
          + "interrupted. Nothing was changed",
        advice:
          "To resume it, repeat its --canary or --linear; to end it, use alias rollback; to send all "
          + "traffic to version \(other) without watching it, use alias promote")
    }
  }

  /// The name of the queue of failed events, when the alias or the function has one.
  private func failureQueue(
    _ latest: FunctionConfiguration, _ context: DeploymentContext
  ) throws -> String? {
    guard context.request.watches else { return nil }
    var target = latest.deadLetterTargetARN
    var notes: [String] = []
    let configurations = try context.client.attempt(
      "The destination of failed events", notes: &notes
    ) {
      try context.client.all(
        ListFunctionEventInvokeConfigs(functionName: context.functionName))
    }
    notes.forEach(context.warn)
    if let own = configurations?.first(where: { $0.functionARN.hasSuffix(":\(context.alias)") }) {
      target = own.onFailureARN ?? target
    }
    let parts = (target ?? "").split(separator: ":")
    return parts.count == 6 && parts[2] == "sqs" ? String(parts[5]) : nil
  }
}
