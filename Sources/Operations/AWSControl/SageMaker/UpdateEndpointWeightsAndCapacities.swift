import AWSClient

/// Changes weights, instance counts, or the serverless concurrency of variants.
///
/// `POST /`, `SageMaker.UpdateEndpointWeightsAndCapacities`. The endpoint is `Updating` until it is
/// done. A registered variant's count is changed again by its policy. Idempotent. Errors:
/// `ValidationException` (also while another update is under way), `ResourceLimitExceeded`.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpointWeightsAndCapacities.html
package struct UpdateEndpointWeightsAndCapacities: JSONOperation, WriteOperation {
  /// What is desired of one variant; nil leaves it.
  package struct Change: Sendable, Equatable {
    package let variant: String
    /// Its weight, 0 or more.
    package let weight: Double?
    /// Its instances, 1 or more; an asynchronous endpoint's may be 0.
    package let instanceCount: Int?
    /// Of a serverless variant, 1 to 200.
    package let maximumConcurrency: Int?
    /// Of a serverless variant whose configuration has provisioned concurrency, 1 to its maximum.
    package let provisionedConcurrency: Int?

    package init(
      variant: String, weight: Double? = nil, instanceCount: Int? = nil,
      maximumConcurrency: Int? = nil, provisionedConcurrency: Int? = nil
    ) {
      self.variant = variant
      self.weight = weight
      self.instanceCount = instanceCount
      self.maximumConcurrency = maximumConcurrency
      self.provisionedConcurrency = provisionedConcurrency
    }

    var input: OperationInput {
      let isServerless = maximumConcurrency != nil || provisionedConcurrency != nil
      return [
        "VariantName": variant, "DesiredWeight": weight, "DesiredInstanceCount": instanceCount,
        "ServerlessUpdateConfig": isServerless
          ? [
            "MaxConcurrency": maximumConcurrency, "ProvisionedConcurrency": provisionedConcurrency,
          ] as OperationInput : nil,
      ]
    }

    func isReached(by variant: DescribeEndpoint.Variant) -> Bool {
      func meets<Value: Equatable>(_ wanted: Value?, _ desired: Value?) -> Bool {
        wanted == nil || wanted == desired
      }
      let serverless = variant.desiredServerless ?? variant.currentServerless
      return variant.name == self.variant && meets(weight, variant.desiredWeight)
        && meets(instanceCount, variant.desiredInstanceCount)
        && meets(maximumConcurrency, serverless?.maximumConcurrency)
        && meets(provisionedConcurrency, serverless?.provisionedConcurrency)
    }
  }

  package typealias Output = Acknowledged
  package static let service = ControlService.sageMaker
  /// The second one is refused while the first is in progress, which is then recognized.
  package static let isRepeatable = true
  package let endpointName: String
  /// One or more.
  package let changes: [Change]

  package init(endpointName: String, changes: [Change]) {
    self.endpointName = endpointName
    self.changes = changes
  }

  package var subject: String { endpointName }
  package var input: OperationInput {
    ["EndpointName": endpointName, "DesiredWeightsAndCapacities": changes.map(\.input)]
  }

  package func outputIfReached(
    after error: AWSError, with client: ControlClient
  ) throws -> Acknowledged? {
    guard error.code.rawValue == "ValidationException" else { return nil }
    let variants = try client.read(DescribeEndpoint(endpointName: endpointName)).variants
    let isReached = changes.allSatisfy { change in variants.contains { change.isReached(by: $0) } }
    return isReached ? .done : nil
  }
}
