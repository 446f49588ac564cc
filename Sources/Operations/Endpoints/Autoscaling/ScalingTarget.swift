import AWSControl

/// What the policy of a variant keeps, which the endpoint's kind decides.
package enum ScalingTarget: Sendable, Equatable {
  case invocations(InvocationTarget)
  /// Requests that wait or are under way, for each instance; more than 0.
  case backlogPerInstance(Double)
  /// Utilization of the provisioned concurrency, 0 to 1.
  case utilization(Double)

  package var kind: EndpointKind {
    switch self {
    case .invocations: .realTime
    case .backlogPerInstance: .asynchronous
    case .utilization: .serverless
    }
  }

  package var value: Double {
    switch self {
    case .invocations(let target): target.invocationsPerMinute
    case .backlogPerInstance(let value), .utilization(let value): value
    }
  }

  /// - Throws: `Refusal` for a value outside of its range.
  func check() throws(Refusal) {
    switch self {
    case .invocations: break
    case .backlogPerInstance(let value):
      guard value > 0, value.isFinite else {
        throw Refusal("The backlog per instance must be more than 0")
      }
    case .utilization(let value):
      guard (0.1...0.9).contains(value) else {
        throw Refusal("The target utilization is \(value) and must be 0.1 to 0.9")
      }
    }
  }
}

extension EndpointKind {
  /// The metric that scales a variant of this kind.
  ///
  /// Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling.html,
  /// https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html,
  /// https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-autoscale.html
  package func trackedMetric(endpointName: String) -> TrackedMetric {
    switch self {
    case .realTime: .predefined("SageMakerVariantInvocationsPerInstance")
    case .serverless: .predefined("SageMakerVariantProvisionedConcurrencyUtilization")
    case .asynchronous:
      .customized(
        Metric(
          namespace: "AWS/SageMaker", name: "ApproximateBacklogSizePerInstance",
          dimensions: [("EndpointName", endpointName)]), statistic: "Average")
    }
  }

  /// Of a new policy: AWS's example values. The target of instances comes from a load test.
  var initialTracking: (target: Double?, scaleInCooldown: Int?, scaleOutCooldown: Int?) {
    switch self {
    case .realTime: (nil, 300, 60)
    case .serverless: (0.7, 300, 60)
    case .asynchronous: (5, 300, 300)
    }
  }

  /// Only the queue of an asynchronous endpoint bridges the time without instances.
  var lowestMinimum: Int { self == .asynchronous ? 0 : 1 }

  /// For messages.
  package var targetOption: String {
    switch self {
    case .realTime: "--max-rps or --invocations-per-instance"
    case .serverless: "--target"
    case .asynchronous: "--backlog-per-instance"
    }
  }
}
