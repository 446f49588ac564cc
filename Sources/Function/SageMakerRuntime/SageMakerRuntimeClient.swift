import AWSClient
import HTTPClient
import Platform

/// Calling models on SageMaker endpoints.
public struct SageMakerRuntimeClient {
  /// Larger answers are refused; the service's own limit
  /// (https://docs.aws.amazon.com/sagemaker/latest/dg/inference-pipeline-real-time.html).
  public static let maximumResponseBytes = 6_291_456

  let aws: AWSClient
  let limits: TimeLimits
  private let maximumResponseBytes: Int

  /// A client that calls through `aws`.
  ///
  /// - Parameters:
  ///   - limits: of each attempt.
  ///   - maximumResponseBytes: less where the kind of the endpoint has a lower limit.
  public init(
    aws: AWSClient, limits: TimeLimits = .inference(),
    maximumResponseBytes: Int = Self.maximumResponseBytes
  ) {
    self.aws = aws
    self.limits = limits
    self.maximumResponseBytes = maximumResponseBytes
  }

  /// Opens a connection while the image is still being read; see `AWSClient.connect(to:)`.
  public func connect() {
    aws.connect(to: .sageMakerRuntime)
  }

  /// Sends bytes to a model and gets its answer.
  ///
  /// `POST /endpoints/{EndpointName}/invocations`, signed as `sagemaker`. At most 6,291,456 bytes
  /// each way; the container answers within 60 s. Not idempotent by contract, but a classifier has
  /// no state: retried as `RetryRules` and `AWSService.sageMakerRuntime` say, `ModelError` by the
  /// container's status and text. Never hedged: a second request costs a second inference. Errors:
  /// `ValidationError` (also for an endpoint that does not exist), `AccessDeniedException`,
  /// `ModelError` with the container's message on one line.
  /// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
  public func invokeEndpoint(
    _ input: InvokeEndpointRequest, in context: CallContext,
    then completion: @escaping (Result<InvokeEndpointResponse, AWSError>) -> Void
  ) {
    aws.start(request(input), in: context) { result in
      completion(
        result.map { response in
          InvokeEndpointResponse(
            body: response.body, contentType: response.headers["content-type"],
            invokedProductionVariant: response.headers["x-amzn-invoked-production-variant"],
            customAttributes: response.headers["x-amzn-sagemaker-custom-attributes"],
            requestID: response.headers["x-amzn-requestid"])
        })
    }
  }

  func request(_ input: InvokeEndpointRequest) -> AWSRequest {
    var request = AWSRequest(
      service: .sageMakerRuntime, operation: String(joining: "InvokeEndpoint ", input.endpointName),
      method: "POST", path: String(joining: "/endpoints/", input.endpointName, "/invocations"),
      maximumResponseBytes: maximumResponseBytes,
      accessAdvice: "The function's role needs sagemaker:InvokeEndpoint on this endpoint")
    request.limits = limits
    request.headers = input.headers
    request.body = input.body
    request.receivedBody = input.receivedBody
    return request
  }
}
