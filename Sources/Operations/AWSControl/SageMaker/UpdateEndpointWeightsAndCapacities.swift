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
}
