import SigV4

/// One AWS service as a caller sees it: how it is found, how it is signed, what is worth a retry.
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
  /// Whether a code of this service is worth another try.
  let isRetryable: @Sendable (AWSError) -> Bool

  /// A service; `host` gives its host in a region, `isRetryable` tells which of its errors `AWSClient`
  /// tries again.
  public init(
    signingName: String, displayName: String, endpointVariable: String,
    signingStyle: SigningStyle, host: @escaping @Sendable (AWSConfiguration) -> String,
    isRetryable: @escaping @Sendable (AWSError) -> Bool
  ) {
    self.signingName = signingName
    self.displayName = displayName
    self.endpointVariable = endpointVariable
    self.signingStyle = signingStyle
    self.host = host
    self.isRetryable = isRetryable
  }
}
