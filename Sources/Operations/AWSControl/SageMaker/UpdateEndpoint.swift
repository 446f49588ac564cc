import AWSClient

/// Replaces an endpoint's configuration without an interruption: new instances start, the traffic
/// moves, the old ones are terminated.
///
/// `POST /`, `SageMaker.UpdateEndpoint`. The endpoint is `Updating` meanwhile, `RollingBack` after
/// an alarm or a failure of the new instances; it is then `InService` with the *old* configuration.
/// Refused while another update is in progress, and for another instance type of a variant that is
/// registered for scaling. Errors: `ResourceLimitExceeded` (both fleets count),
/// `ValidationException`.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html
package struct UpdateEndpoint: JSONOperation, WriteOperation {
  package struct Deployment: Sendable, Equatable {
    /// At once, a part first, or in equal steps.
    package enum Routing: Sendable, Equatable {
      case allAtOnce
      /// 1 to 50 percent of the capacity first.
      case canary(percent: Int)
      /// 10 to 50 percent a step.
      case linear(percent: Int)
    }

    package let routing: Routing
    /// Between the steps, while the alarms are watched; 0 to 3,600 s.
    package let waitSeconds: Int
    /// Time before the old instances are terminated; 0 to 3,600 s.
    package let terminationWaitSeconds: Int
    /// Alarms that trigger a rollback; at most 10 names.
    package let alarmNames: [String]
    /// Time limit, then rollback; 600 to 28,800 s.
    package let maximumSeconds: Int?

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

    /// The longest time limit that SageMaker takes: 8 h.
    package static let longestSeconds = 28_800

    /// Waits between the steps and before the termination, and an hour for the instances to start.
    package var expectedSeconds: Int {
      let steps =
        switch routing {
        case .allAtOnce: 1
        case .canary: 2
        case .linear(let percent): (100 + percent - 1) / percent
        }
      return steps * waitSeconds + terminationWaitSeconds + 3600
    }

    /// The same, rolled back by SageMaker when it takes longer than expected.
    package var limited: Deployment {
      Deployment(
        routing: routing, waitSeconds: waitSeconds, terminationWaitSeconds: terminationWaitSeconds,
        alarmNames: alarmNames, maximumSeconds: min(expectedSeconds, Self.longestSeconds))
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

  package typealias Output = Acknowledged
  package static let service = ControlService.sageMaker
  /// The second one is refused while the first is in progress, which is then recognized.
  package static let isRepeatable = true
  package let endpointName: String
  package let endpointConfigName: String
  /// Keeps the instance counts and weights that the variants have now, as autoscaling left them.
  package let retainsVariantProperties: Bool
  /// Exceptions that are not kept: `DesiredInstanceCount`, `DesiredWeight`, `DataCaptureConfig`.
  package let exceptions: [String]
  /// How the traffic moves; nil is all at once.
  package let deployment: Deployment?

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

  package var subject: String { endpointName }
  package var input: OperationInput {
    [
      "EndpointName": endpointName, "EndpointConfigName": endpointConfigName,
      "RetainAllVariantProperties": retainsVariantProperties,
      "ExcludeRetainedVariantProperties": exceptions.isEmpty
        ? nil : exceptions.map { ["VariantPropertyType": $0] as OperationInput },
      "DeploymentConfig": deployment?.input,
    ]
  }

  package func outputIfReached(
    after error: AWSError, with client: ControlClient
  ) throws -> Acknowledged? {
    guard error.code.rawValue == "ValidationException" else { return nil }
    let found = try client.read(DescribeEndpoint(endpointName: endpointName))
    return [found.pendingConfigName, found.endpointConfigName].contains(endpointConfigName)
      ? .done : nil
  }
}
