import AWSControl
import Foundation
import JSON

/// The autoscaling of a variant, saved while the variant is deregistered.
package struct ScalingBackup: Sendable, Equatable {
  package let endpointName: String
  package let variant: String
  package let target: JSONValue
  package let policies: [JSONValue]
  package let schedules: [JSONValue]

  var resource: ScalableResource {
    .variantInstances(endpointName: endpointName, variant: variant)
  }

  /// Reads the settings.
  ///
  /// - Returns: nil when the variant is not registered.
  package static func read(
    endpointName: String, variant: String, with client: ControlClient
  ) throws -> ScalingBackup? {
    let resource = ScalableResource.variantInstances(endpointName: endpointName, variant: variant)
    guard let target = try client.all(DescribeScalableTargets(resource: resource)).first else {
      return nil
    }
    return ScalingBackup(
      endpointName: endpointName, variant: variant, target: target.json,
      policies: try client.all(DescribeScalingPolicies(resource: resource)).map(\.json),
      schedules: try client.all(DescribeScheduledActions(resource: resource)).map(\.json))
  }

  private init(
    endpointName: String, variant: String, target: JSONValue, policies: [JSONValue],
    schedules: [JSONValue]
  ) {
    self.endpointName = endpointName
    self.variant = variant
    self.target = target
    self.policies = policies
    self.schedules = schedules
  }

  /// Registers the variant again, with its policies, schedules and suspensions. Idempotent.
  ///
  /// - Throws: `AWSError`; `Refusal` when the bounds are missing.
  package func restore(with client: ControlClient) throws {
    guard let minimum = target["MinCapacity"]?.int64Value,
      let maximum = target["MaxCapacity"]?.int64Value
    else { throw Refusal("The saved scaling of \(resource.resourceID) has no bounds") }
    var registration = RegisterScalableTarget(
      resource: resource, minimumCapacity: Int(clamping: minimum),
      maximumCapacity: Int(clamping: maximum))
    registration.suspended = target["SuspendedState"]
    try client.write(registration)
    for policy in policies {
      guard let name = policy["PolicyName"]?.stringValue else { continue }
      try client.write(PutScalingPolicy(resource: resource, policyName: name, copying: policy))
    }
    for schedule in schedules { try restore(schedule, with: client) }
  }

  private func restore(_ schedule: JSONValue, with client: ControlClient) throws {
    guard let name = schedule["ScheduledActionName"]?.stringValue,
      let times = schedule["Schedule"]?.stringValue
    else { return }
    let action = schedule["ScalableTargetAction"]
    func capacity(_ name: String) -> Int? { action?[name]?.int64Value.map { Int(clamping: $0) } }
    var put = PutScheduledAction(
      resource: resource, actionName: name, schedule: times,
      timezone: schedule["Timezone"]?.stringValue, minimumCapacity: capacity("MinCapacity"),
      maximumCapacity: capacity("MaxCapacity"))
    put.startTime = schedule["StartTime"]
    put.endTime = schedule["EndTime"]
    try client.write(put)
  }

  // MARK: As a file

  /// What `restore` needs, as JSON.
  package var file: [UInt8] {
    let json: OperationInput = [
      "endpointName": endpointName, "variant": variant, "target": target, "policies": policies,
      "schedules": schedules,
    ]
    return json.json.serialized() + [UInt8(ascii: "\n")]
  }

  /// Reads a file that `file` wrote.
  ///
  /// - Throws: `Refusal` for anything else.
  package init(file bytes: [UInt8], path: String) throws(Refusal) {
    guard let json = try? JSONValue(parsing: bytes),
      let endpointName = json["endpointName"]?.stringValue,
      let variant = json["variant"]?.stringValue, let target = json["target"]
    else { throw Refusal("\(path) is not a saved autoscaling of an endpoint") }
    self.init(
      endpointName: endpointName, variant: variant, target: target,
      policies: json["policies"]?.arrayValue ?? [], schedules: json["schedules"]?.arrayValue ?? [])
  }
}
