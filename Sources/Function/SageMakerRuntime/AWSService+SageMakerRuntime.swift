import AWSClient
import Platform

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
    rule: verdict)

  private static let verdict: @Sendable (Failure) -> RetryVerdict? = { failure in
    switch failure.code {
    case .modelError: containerVerdict(failure.containerStatus, failure.text)
    // Being provisioned or loaded; botocore does not retry it.
    case .modelNotReady: .throttling
    case .internalDependency: .once
    // The model may still be at work on the first request.
    case .timedOut: .withFullAttempt
    case .validationError where failure.text.holds("no capacity"): .laterOnly
    default: nil
    }
  }

  /// By what the container answered. TorchServe and MMS answer 503 "Prediction failed" to every exception of
  /// a handler, so also to an image that cannot be decoded; a 503 with another text is a busy server.
  private static func containerVerdict(_ status: Int?, _ text: String) -> RetryVerdict {
    switch status {
    // 0: the container did not answer SageMaker within 60 s.
    case 0, 408, 504: .withFullAttempt
    case 503 where text.holds("Prediction failed"): .permanent
    case 429, 503: .throttling
    case 502: .transient
    // The image may be what kills the worker.
    case 507: .once
    case 500 where text.holds("Worker died"): .once
    default: .permanent
    }
  }
}

extension TimeLimits {
  /// Of one inference: a container may take 60 s, and AWS advises 70 s for a model that needs nearly that time.
  /// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
  public static func inference(attemptMilliseconds: Int64 = 70_000) -> TimeLimits {
    TimeLimits(attemptMilliseconds: attemptMilliseconds)
  }
}
