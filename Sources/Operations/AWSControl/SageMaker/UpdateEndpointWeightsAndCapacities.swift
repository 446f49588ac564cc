/// Changes weights or instance counts of variants.
///
/// `POST /`, `SageMaker.UpdateEndpointWeightsAndCapacities`. The endpoint is `Updating` until it is done.
/// A registered variant's count is changed again by its policy. Idempotent. Errors:
/// `ValidationException` (also while another update is under way), `ResourceLimitExceeded`.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpointWeightsAndCapacities.html
public struct UpdateEndpointWeightsAndCapacities: JSONOperation, WriteOperation {
  /// What one variant shall have; nil leaves it.
  public struct Change: Sendable, Equatable {
    /// The variant.
    public let variant: String
    /// Its weight, 0 or more.
    public let weight: Double?
    /// Its instances, 1 or more.
    public let instanceCount: Int?

    /// A change; see the properties.
    public init(variant: String, weight: Double? = nil, instanceCount: Int? = nil) {
      self.variant = variant
      self.weight = weight
      self.instanceCount = instanceCount
    }
  }

  /// Nothing of interest.
  public typealias Output = Acknowledged
  /// SageMaker.
  public static let service = ControlService.sageMaker
  /// The endpoint.
  public let endpointName: String
  /// One or more.
  public let changes: [Change]

  /// A request; see the properties.
  public init(endpointName: String, changes: [Change]) {
    self.endpointName = endpointName
    self.changes = changes
  }

  /// The endpoint.
  public var subject: String { endpointName }
  /// Endpoint and changes.
  public var input: OperationInput {
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
