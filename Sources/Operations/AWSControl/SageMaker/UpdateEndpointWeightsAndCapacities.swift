/// Changes weights or instance counts of variants.
///
/// `POST /`, `SageMaker.UpdateEndpointWeightsAndCapacities`. The endpoint is `Updating` until it is done.
/// A registered variant's count is changed again by its policy. Idempotent. Errors:
/// `ValidationException` (also while another update is under way), `ResourceLimitExceeded`.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpointWeightsAndCapacities.html
package struct UpdateEndpointWeightsAndCapacities: JSONOperation, WriteOperation {
  /// What one variant shall have; nil leaves it.
  package struct Change: Sendable, Equatable {
    /// The variant.
    package let variant: String
    /// Its weight, 0 or more.
    package let weight: Double?
    /// Its instances, 1 or more.
    package let instanceCount: Int?

    /// A change; see the properties.
    package init(variant: String, weight: Double? = nil, instanceCount: Int? = nil) {
      self.variant = variant
      self.weight = weight
      self.instanceCount = instanceCount
    }
  }

  /// Nothing of interest.
  package typealias Output = Acknowledged
  /// SageMaker.
  package static let service = ControlService.sageMaker
  /// The endpoint.
  package let endpointName: String
  /// One or more.
  package let changes: [Change]

  /// A request; see the properties.
  package init(endpointName: String, changes: [Change]) {
    self.endpointName = endpointName
    self.changes = changes
  }

  /// The endpoint.
  package var subject: String { endpointName }
  /// Endpoint and changes.
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
