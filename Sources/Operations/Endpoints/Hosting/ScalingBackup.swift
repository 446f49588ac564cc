import AWSControl
import Foundation
import JSON

/// The autoscaling of a variant of instances, saved while the variant is deregistered.
package struct ScalingBackup: Sendable, Equatable {
  package let endpointName: String
  package let variant: String
  package let scaling: SavedScaling
  /// Alarms that call the step policies, as AWS described them. They stay, but a policy that is put
  /// again has another ARN.
  package let alarms: [JSONValue]

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
    return try ScalingState.read([resource], with: client)[resource.resourceID].map {
      ScalingBackup(
        endpointName: endpointName, variant: variant, scaling: SavedScaling($0),
        alarms: try StepAlarms.calling($0.policies, with: client).map(\.json))
    }
  }

  private init(
    endpointName: String, variant: String, scaling: SavedScaling, alarms: [JSONValue]
  ) {
    self.endpointName = endpointName
    self.variant = variant
    self.scaling = scaling
    self.alarms = alarms
  }

  /// Registers the variant again, with its policies, schedules and suspensions, and lets the alarms
  /// call the new policies. Idempotent.
  ///
  /// - Throws: `AWSError`; `Refusal` when the bounds are missing.
  package func restore(with client: ControlClient) throws {
    let newARNs = try scaling.put(on: resource, with: client)
    for alarm in alarms {
      let actions = (alarm["AlarmActions"]?.arrayValue ?? []).compactMap(\.stringValue)
      for old in actions {
        guard let new = newARNs[old], new != old || client.isDryRun else { continue }
        try client.write(PutMetricAlarm(copying: alarm, replacing: old, with: new))
      }
    }
  }

  // MARK: As a file

  /// What `restore` needs, as JSON.
  package var file: [UInt8] {
    let json: OperationInput = [
      "endpointName": endpointName, "variant": variant, "target": scaling.target,
      "policies": scaling.policies, "schedules": scaling.schedules, "alarms": alarms,
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
      endpointName: endpointName, variant: variant,
      scaling: SavedScaling(
        target: target, policies: json["policies"]?.arrayValue ?? [],
        schedules: json["schedules"]?.arrayValue ?? []),
      alarms: json["alarms"]?.arrayValue ?? [])
  }
}
