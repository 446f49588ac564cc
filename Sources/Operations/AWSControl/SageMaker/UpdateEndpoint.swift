/// Gives an endpoint another configuration, without an interruption: new instances first, then the traffic moves,
/// then the old ones go.
///
/// `POST /`, `SageMaker.UpdateEndpoint`. The endpoint is `Updating` meanwhile, `RollingBack` when an alarm went
/// off or the new instances failed; it is then `InService` with the *old* configuration. Refused while another
/// update is under way, and for another instance type of a variant that is registered for scaling. Errors:
/// `ResourceLimitExceeded` (both fleets count), `ValidationException`.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html
package struct UpdateEndpoint: JSONOperation, WriteOperation {
  /// How the traffic moves.
  package struct Deployment: Sendable, Equatable {
    /// At once, a part first, or in equal steps.
    package enum Routing: Sendable, Equatable {
      case allAtOnce
      /// 1 to 50 per cent of the capacity first.
      case canary(percent: Int)
      /// 10 to 50 per cent a step.
      case linear(percent: Int)
    }

    /// The way.
    package let routing: Routing
    /// Between the steps, while the alarms are watched; 0 to 3,600 s.
    package let waitSeconds: Int
    /// How long the old instances stay afterwards; 0 to 3,600 s.
    package let terminationWaitSeconds: Int
    /// Rolls back when one goes off; at most 10 names.
    package let alarmNames: [String]
    /// Rolled back after so long; 600 to 28,800 s.
    package let maximumSeconds: Int?

    /// A deployment; see the properties.
    package init(
      routing: Routing, waitSeconds: Int, terminationWaitSeconds: Int, alarmNames: [String],
      maximumSeconds: Int? = nil
    ) {
      self.routing = routing
      self.waitSeconds = waitSeconds
      self.terminationWaitSeconds = terminationWaitSeconds
      self.alarmNames = alarmNames
      self.maximumSeconds = maximumSeconds
    }

    var input: OperationInput {
      let alarms = alarmNames.map { ["AlarmName": $0] as OperationInput }
      return [
        "BlueGreenUpdatePolicy": [
          "TrafficRoutingConfiguration": routingInput,
          "TerminationWaitInSeconds": terminationWaitSeconds,
          "MaximumExecutionTimeoutInSeconds": maximumSeconds,
        ] as OperationInput,
        "AutoRollbackConfiguration": alarms.isEmpty
          ? nil : ["Alarms": alarms] as OperationInput,
      ]
    }

    private var routingInput: OperationInput {
      func size(_ percent: Int) -> OperationInput {
        ["Type": "CAPACITY_PERCENT", "Value": percent]
      }
      switch routing {
      case .allAtOnce: return ["Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": waitSeconds]
      case .canary(let percent):
        return [
          "Type": "CANARY", "WaitIntervalInSeconds": waitSeconds, "CanarySize": size(percent),
        ]
      case .linear(let percent):
        return [
          "Type": "LINEAR", "WaitIntervalInSeconds": waitSeconds, "LinearStepSize": size(percent),
        ]
      }
    }
  }

  /// Nothing of interest.
  package typealias Output = Acknowledged
  /// SageMaker.
  package static let service = ControlService.sageMaker
  /// A second one would be refused while the first is under way.
  package static let isRepeatable = false
  /// The endpoint.
  package let endpointName: String
  /// The new configuration.
  package let endpointConfigName: String
  /// Keeps the instance counts and weights that the variants have now, as autoscaling left them.
  package let retainsVariantProperties: Bool
  /// Which of these are not kept: `DesiredInstanceCount`, `DesiredWeight`, `DataCaptureConfig`.
  package let exceptions: [String]
  /// How the traffic moves; nil is at once.
  package let deployment: Deployment?

  /// A request; see the properties.
  package init(
    endpointName: String, endpointConfigName: String, retainsVariantProperties: Bool = true,
    exceptions: [String] = [], deployment: Deployment? = nil
  ) {
    self.endpointName = endpointName
    self.endpointConfigName = endpointConfigName
    self.retainsVariantProperties = retainsVariantProperties
    self.exceptions = exceptions
    self.deployment = deployment
  }

  /// The endpoint.
  package var subject: String { endpointName }
  /// All of it.
  package var input: OperationInput {
    [
      "EndpointName": endpointName, "EndpointConfigName": endpointConfigName,
      "RetainAllVariantProperties": retainsVariantProperties,
      "ExcludeRetainedVariantProperties": exceptions.isEmpty
        ? nil : exceptions.map { ["VariantPropertyType": $0] as OperationInput },
      "DeploymentConfig": deployment?.input,
    ]
  }
}
