import AWSControl
import AWSClient

extension ControlClient {
  /// Reads an endpoint.
  ///
  /// - Returns: nil when there is none: AWS returns `ValidationException: Could not find endpoint
  ///   …`.
  package func endpoint(named name: String) throws -> DescribeEndpoint.Output? {
    do {
      return try read(DescribeEndpoint(endpointName: name))
    } catch let error as AWSError where error.isNotFound {
      return nil
    }
  }

  /// How long UpdateEndpoint may have been accepted without the endpoint being `Updating`.
  private static let startLimitMilliseconds: Int64 = 300_000

  /// Waits until an endpoint serves, and reports progress.
  ///
  /// - Parameters:
  ///   - configurationName: the desired configuration; InService with another one is a rollback once
  ///     the endpoint was seen updating, or has a new FailureReason.
  ///   - staleReason: FailureReason before the update: SageMaker keeps that of an earlier one.
  /// - Throws: `Refusal` with AWS's FailureReason when it failed or was rolled back, when the update
  ///   does not begin, or at the time limit; `Interrupted`; `AWSError`.
  package func waitForEndpoint(
    _ name: String, configurationName: String, staleReason: String? = nil, waiter: Waiter
  ) throws {
    let start = clock.monotonicMilliseconds()
    var hasBegun = false
    try waiter.wait(for: "endpoint \(name)") {
      let endpoint = try read(DescribeEndpoint(endpointName: name))
      switch endpoint.status {
      case "InService":
        guard let present = endpoint.endpointConfigName, present != configurationName else {
          return .done(())
        }
        let reason = endpoint.failureReason
        if hasBegun || (reason != nil && reason != staleReason) {
          throw Self.rollback(name, present, reason == staleReason ? nil : reason)
        }
        // DescribeEndpoint may lag behind UpdateEndpoint.
        guard clock.monotonicMilliseconds() - start < Self.startLimitMilliseconds else {
          throw Refusal(
            "SageMaker accepted the update of endpoint \(name) and has not started it: it serves "
              + "\(present) as before",
            advice: "Inspect it with endpoint show, then repeat the command")
        }
        return .pending("InService, not updating yet")
      case "Failed", "UpdateRollbackFailed", "OutOfService":
        throw Refusal(
          "Endpoint \(name) is \(endpoint.status): \(endpoint.failureReason ?? "no reason given")",
          advice: "Check the log group /aws/sagemaker/Endpoints/\(name). To delete the endpoint: "
            + "inferencectl endpoint delete --endpoint-name \(name)")
      case "Updating", "RollingBack":
        hasBegun = true
        return .pending(Self.state(of: endpoint))
      default: return .pending(Self.state(of: endpoint))
      }
    }
  }

  private static func rollback(_ name: String, _ present: String, _ reason: String?) -> Refusal {
    Refusal(
      "Endpoint \(name) was rolled back and serves \(present) as before: "
        + (reason ?? "no reason given"),
      advice: "Check the alarms and the log group /aws/sagemaker/Endpoints/\(name)")
  }

  /// `Updating, AllTraffic 1 of 2 instances`
  private static func state(of endpoint: DescribeEndpoint.Output) -> String {
    let variants = endpoint.variants.compactMap { variant -> String? in
      guard let now = variant.currentInstanceCount else { return nil }
      return "\(variant.name) \(now) of \(variant.desiredInstanceCount ?? now) instances"
    }
    return ([endpoint.status] + variants).joined(separator: ", ")
  }
}
