import AWSClient

extension AWSService {
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
