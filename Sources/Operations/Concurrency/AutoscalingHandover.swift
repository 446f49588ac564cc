import AWSControl

/// Autoscaling of provisioned concurrency that follows the traffic from one version or alias to
/// another version, with its bounds, policies, schedules, and suspensions.
///
///     let scaling = try AutoscalingHandover.read(functionName: name, qualifier: old, with: client)
///     // Once `new` is provisioned and ready:
///     try scaling?.copy(to: new, with: client)
///     // Once `new` has all traffic, before `old` is deprovisioned:
///     try scaling?.end(with: client)
///
/// Each step can be repeated. After an interruption both are scaled, never neither.
package struct AutoscalingHandover: Sendable {
  package let functionName: String
  /// The version or alias that is scaled now.
  package let qualifier: String
  package let bounds: ScalingBounds
  private let saved: SavedScaling

  /// Reads the scaling of a version or an alias.
  ///
  /// - Returns: nil when it is not autoscaled.
  package static func read(
    functionName: String, qualifier: String, with client: ControlClient
  ) throws -> AutoscalingHandover? {
    let resource = ProvisionedAutoscaling.resource(functionName, qualifier)
    guard let state = try ScalingState.read([resource], with: client)[resource.resourceID] else {
      return nil
    }
    return AutoscalingHandover(
      functionName: functionName, qualifier: qualifier,
      bounds: try ScalingBounds(
        minimum: state.target.minimumCapacity, maximum: state.target.maximumCapacity),
      saved: SavedScaling(state))
  }

  /// Scales a version, or another alias, in the same way. The policies create alarms of their own.
  package func copy(to version: String, with client: ControlClient) throws {
    try saved.put(on: ProvisionedAutoscaling.resource(functionName, version), with: client)
  }

  /// Ends the scaling of the former version or alias; its environments stay until they are
  /// deprovisioned.
  package func end(with client: ControlClient) throws {
    try client.write(
      DeregisterScalableTarget(
        resource: ProvisionedAutoscaling.resource(functionName, qualifier)))
  }
}

/// Whether the account has room for a new version's environments beside the present ones, as during
/// a deployment.
package enum ProvisionedRoom {
  /// Three reads.
  ///
  /// - Parameter count: environments of the new version.
  /// - Throws: `Refusal` when Lambda could not provision them, with or without a reservation.
  package static func check(
    adding count: Int, toFunction functionName: String, with client: ControlClient
  ) throws {
    let reads = ReadGroup(client)
    let limits = ConcurrencyLimits.read(functionName: functionName, in: reads)
    let configurations = reads.addAll(
      ListProvisionedConcurrencyConfigs(functionName: functionName))
    try reads.run()
    let present = try configurations.orNone().map(\.requested).reduce(0, +)
    try limits().check(provisioned: present + count, present: present)
  }
}
