import SigV4

/// One AWS service as a caller sees it: how it is found, how it is signed, what its failures mean.
public struct AWSService: Sendable {
  /// The name in the credential scope, as `sagemaker` for SageMaker Runtime.
  public let signingName: String
  /// The name in messages and error types, as `S3`.
  public let displayName: String
  /// The environment variable that replaces the endpoint, as `AWS_ENDPOINT_URL_S3`.
  public let endpointVariable: String
  /// How requests are signed.
  public let signingStyle: SigningStyle
  /// The host for a region.
  let host: @Sendable (AWSConfiguration) -> String
  /// A failure as a rule sees it.
  public struct Failure {
    /// AWS's code, or one of this library's.
    public let code: AWSErrorCode
    /// The status of the model's container, for `ModelError`.
    public let containerStatus: Int?
    /// The whole message, which `AWSError.detail` may hold shortened.
    public let text: String
  }

  /// What this service's failures mean where `RetryRules` does not know; nil leaves it to them.
  let rule: @Sendable (Failure) -> RetryVerdict?

  /// A service; see the properties.
  public init(
    signingName: String, displayName: String, endpointVariable: String,
    signingStyle: SigningStyle, host: @escaping @Sendable (AWSConfiguration) -> String,
    rule: @escaping @Sendable (Failure) -> RetryVerdict? = { _ in nil }
  ) {
    self.signingName = signingName
    self.displayName = displayName
    self.endpointVariable = endpointVariable
    self.signingStyle = signingStyle
    self.host = host
    self.rule = rule
  }
}
