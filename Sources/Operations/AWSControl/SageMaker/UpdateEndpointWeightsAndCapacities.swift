import AWSClient

/// Changes weights or instance counts of variants.
///
/// `POST /`, `SageMaker.UpdateEndpointWeightsAndCapacities`. The endpoint is `Updating` until it is
/// done. A registered variant's count is changed again by its policy. Idempotent. Errors:
/// `ValidationException` (also while another update is under way), `ResourceLimitExceeded`.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpointWeightsAndCapacities.html
package struct UpdateEndpointWeightsAndCapacities: JSONOperation, WriteOperation {
  /// The desired weight and count of one variant; nil leaves it.
  package struct Change: Sendable, Equatable {
    package let variant: String
    /// Its weight, 0 or more.
    package let weight: Double?
    /// Its instances, 1 or more.
    package let instanceCount: Int?

    package init(variant: String, weight: Double? = nil, instanceCount: Int? = nil) {
      self.variant = variant
      self.weight = weight
      self.instanceCount = instanceCount
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
    [
      "EndpointName": endpointName,
      "DesiredWeightsAndCapacities": changes.map {
        [
          "VariantName": $0.variant, "DesiredWeight": $0.weight,
          "DesiredInstanceCount": $0.instanceCount,
        ] as OperationInput
      },
    ]
  }

  package func outputIfReached(
    after error: AWSError, with client: ControlClient
  ) throws -> Acknowledged? {
    guard error.code.rawValue == "ValidationException" else { return nil }
    let variants = try client.read(DescribeEndpoint(endpointName: endpointName)).variants
    let isReached = changes.allSatisfy { change in
      variants.contains {
        $0.name == change.variant
          && (change.instanceCount == nil || $0.desiredInstanceCount == change.instanceCount)
          && (change.weight == nil || $0.desiredWeight == change.weight)
      }
    }
    return isReached ? .done : nil
  }
}
