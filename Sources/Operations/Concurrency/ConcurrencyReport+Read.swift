import AWSControl
import Prices

extension ConcurrencyReport {
  /// Reads everything: limits, provisioned concurrency, scaling, the last hour's metrics. Missing
  /// permissions for scaling and metrics become notes.
  ///
  /// - Throws: `AWSError` of Lambda's calls.
  package static func read(
    functionName: String, prices: ProvisionedPrices, with client: ControlClient
  ) throws -> ConcurrencyReport {
    let first = ReadGroup(client)
    let limitReads = ConcurrencyLimits.read(functionName: functionName, in: first)
    let configurations = first.addAll(
      ListProvisionedConcurrencyConfigs(functionName: functionName))
    let aliasReads = first.addAll(ListAliases(functionName: functionName))
    try first.run()
    let (limits, provisioned) = (try limitReads(), try configurations.orNone())
    let aliases = try aliasReads.get()
    let byName = Dictionary(
      provisioned.compactMap { state in state.qualifier.map { ($0, state) } },
      uniquingKeysWith: { $1 })
    var notes: [String] = []
    let candidates = Set(byName.keys).union(aliases.map(\.name)).sorted()
    let scaling =
      try client.attempt("Autoscaling", notes: &notes) {
        try ScalingState.read(
          candidates.map { ProvisionedAutoscaling.resource(functionName, $0) }, with: client)
      } ?? [:]
    func scalingState(_ name: String) -> ScalingState? {
      scaling[ProvisionedAutoscaling.resource(functionName, name).resourceID]
    }
    let shown = candidates.filter { byName[$0] != nil || scalingState($0) != nil }
    let second = ReadGroup(client)
    let metricReads = ConcurrencyMetrics.read(
      functionName: FunctionName.bare(functionName), qualifiers: shown, in: second,
      unixMilliseconds: client.clock.unixMilliseconds())
    let functions = shown.map {
      second.add(GetFunctionConfiguration(functionName: functionName, qualifier: $0))
    }
    try second.run()
    let metrics = try client.attempt("Utilization", notes: &notes) { try metricReads() }
    let qualifiers = try zip(shown, functions).map { name, function in
      let configuration = try function.get()
      return Qualifier(
        name: name, version: configuration.version, provisioned: byName[name],
        scaling: scalingState(name), peakUtilization: metrics?.peakUtilization(name),
        spilloverInvocations: metrics?.spillover(name), isInUse: metrics?.isInUse(name),
        costPerMonth: prices.perMonth(
          environments: byName[name]?.requested ?? 0,
          memoryMegabytes: configuration.memorySize ?? 128,
          architecture: configuration.architecture))
    }
    return ConcurrencyReport(
      functionName: functionName, accountLimit: limits.account, unreserved: limits.unreserved,
      reservable: limits.reservable, reserved: limits.reserved,
      peakConcurrency: metrics?.peakConcurrency, throttles: metrics?.throttles,
      qualifiers: qualifiers, prices: prices,
      notes: qualifiers.flatMap(Self.notes) + accountNotes(limits) + notes)
  }

  private static func accountNotes(_ limits: ConcurrencyLimits) -> [String] {
    var notes: [String] = []
    if limits.reserved == 0 {
      notes.append(
        "0 are reserved: every invocation is throttled. To end that, use concurrency unreserve")
    }
    if limits.account <= ConcurrencyLimits.minimumUnreserved {
      notes.append("\(limits.newAccountReason). \(ConcurrencyLimits.quotaAdvice)")
    }
    return notes
  }

  private static func notes(_ qualifier: Qualifier) -> [String] {
    var notes: [String] = []
    if let suspended = qualifier.scaling?.target.suspensionText {
      notes.append(
        "\(qualifier.name): suspended: \(suspended). To resume, use concurrency autoscale resume")
    }
    if let policy = qualifier.scaling?.policy(tracking: ProvisionedAutoscaling.metric),
      policy.targetTracking?.disablesScaleIn == true
    {
      notes.append("\(qualifier.name): scale-in is disabled: capacity that was added stays")
    }
    if let provisioned = qualifier.provisioned, provisioned.status == "FAILED" {
      notes.append(
        "\(qualifier.name): provisioning failed: \(provisioned.statusReason ?? "no reason given")"
      )
    }
    if let target = qualifier.scaling?.target, qualifier.isInUse == false,
      let requested = qualifier.provisioned?.requested, requested > target.minimumCapacity
    {
      notes.append(
        "\(qualifier.name): no invocations for 15 minutes, so there is no utilization metric and it does not scale "
          + "in from \(requested) to \(target.minimumCapacity). Provision fewer, or set a schedule")
    }
    return notes
  }
}
