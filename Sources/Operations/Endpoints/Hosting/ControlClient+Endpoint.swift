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

  /// Waits until an endpoint serves, and reports progress.
  ///
  /// - Parameter configurationName: the desired configuration; InService with another one is a
  ///   rollback.
  /// - Throws: `Refusal` with AWS's FailureReason when it failed or was rolled back, or at the time
  ///   limit; `Interrupted`; `AWSError`.
  package func waitForEndpoint(
    _ name: String, configurationName: String, waiter: Waiter
  ) throws {
    try waiter.wait(for: "endpoint \(name)") {
      let endpoint = try read(DescribeEndpoint(endpointName: name))
      switch endpoint.status {
      case "InService":
        // DescribeEndpoint may lag behind UpdateEndpoint: it is then not `Updating` yet and has no
        // reason.
        guard let present = endpoint.endpointConfigName, present != configurationName else {
          return .done(())
        }
        guard let reason = endpoint.failureReason else {
          return .pending("InService, not updating yet")
        }
        throw Refusal(
          "Endpoint \(name) was rolled back and serves \(present) as before: \(reason)",
          advice: "Check the alarms and the log group /aws/sagemaker/Endpoints/\(name)")
      case "Failed", "UpdateRollbackFailed", "OutOfService":
        throw Refusal(
          "Endpoint \(name) is \(endpoint.status): \(endpoint.failureReason ?? "no reason given")",
          advice: "Check the log group /aws/sagemaker/Endpoints/\(name). To delete the endpoint: "
            + "inferencectl endpoint delete --endpoint-name \(name)")
      default: return .pending(Self.state(of: endpoint))
      }
    }
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

extension AWSError {
  /// SageMaker has no specific code for most missing resources.
  var isNotFound: Bool {
    guard ["ValidationException", "ResourceNotFound"].contains(code.rawValue) else { return false }
    let text = detail.lowercased()
    return text.contains("could not find") || text.contains("not found")
      || text.contains("does not exist")
  }
}
