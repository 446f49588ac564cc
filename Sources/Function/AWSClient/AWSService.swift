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

  /// S3: `s3.{region}.…`, buckets in front.
  public static let s3 = AWSService(
    signingName: "s3", displayName: "S3", endpointVariable: "AWS_ENDPOINT_URL_S3",
    signingStyle: .s3,
    host: { configuration in
      let name = configuration.usesFIPS ? "s3-fips" : "s3"
      let dualStack = configuration.usesDualStack ? ".dualstack" : ""
      return "\(name)\(dualStack).\(configuration.region).\(configuration.partition.dnsSuffix)"
    },
    isRetryable: { [.slowDown, .internalError, .requestTimeout].contains($0.code) })

  /// SageMaker Runtime: `runtime.sagemaker.{region}.…`, signed as `sagemaker`.
  public static let sageMakerRuntime = AWSService(
    signingName: "sagemaker", displayName: "SageMaker",
    endpointVariable: "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", signingStyle: .standard(),
    host: { configuration in
      let partition = configuration.partition
      let region = configuration.region
      switch (configuration.usesFIPS, configuration.usesDualStack, partition.name) {
      case (true, true, _):
        return "runtime.sagemaker-fips.\(region).\(partition.dualStackDNSSuffix)"
      case (true, false, "aws"): return "runtime-fips.sagemaker.\(region).amazonaws.com"
      case (true, false, "aws-us-gov"): return "runtime.sagemaker.\(region).amazonaws.com"
      case (true, false, _): return "runtime.sagemaker-fips.\(region).\(partition.dnsSuffix)"
      case (false, true, _): return "runtime.sagemaker.\(region).\(partition.dualStackDNSSuffix)"
      case (false, false, _): return "runtime.sagemaker.\(region).\(partition.dnsSuffix)"
      }
    },
    isRetryable: { error in
      // The container is overloaded (503), or did not answer SageMaker in time (0).
      if error.code == .modelError { return [0, 503].contains(error.originalStatus) }
      return [
        .modelNotReady, .throttling, .internalFailure, .serviceUnavailable, .internalDependency,
      ].contains(error.code)
    })
}
