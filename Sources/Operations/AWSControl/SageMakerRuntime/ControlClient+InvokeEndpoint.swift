import AWSClient
import Platform
import SageMakerRuntime

extension ControlClient {
  /// Sends one image to an endpoint, through the function's own client.
  ///
  /// It changes nothing, but the inference is billed as any other.
  ///
  /// - Parameters:
  ///   - variant: nil leaves the choice to the endpoint.
  ///   - attemptMilliseconds: limit of each attempt; there is time for two.
  /// - Returns: the body of the container's answer.
  /// - Throws: `AWSError`: `ModelError` with the container's message, `ValidationError`,
  ///   `AccessDeniedException`; `CredentialError`.
  package func invokeEndpoint(
    _ name: String, variant: String?, image: [UInt8], contentType: String,
    attemptMilliseconds: Int64
  ) throws -> [UInt8] {
    try configuration.checkEndpoint(of: .sageMakerRuntime)
    var request = InvokeEndpointRequest(endpointName: name, body: image)
    request.contentType = contentType
    request.accept = "application/json"
    request.targetVariant = variant
    var result: Result<InvokeEndpointResponse, AWSError>?
    // Long enough for a container that is busy or restarts its workers.
    SageMakerRuntimeClient(
      aws: aws, limits: .inference(attemptMilliseconds: attemptMilliseconds)
    ).invokeEndpoint(
      request,
      in: try context(
        deadline: .after(milliseconds: max(180_000, 2 * attemptMilliseconds), on: clock))
    ) { result = $0 }
    aws.run()
    switch result {
    case .success(let response): return response.body
    case .failure(let error):
      throw error.with(
        advice: error.isDenied
          ? "Your user or role needs sagemaker:InvokeEndpoint on this endpoint"
          : ControlAdvice.text(for: error) ?? error.advice)
    case nil:
      throw AWSError(
        operation: "InvokeEndpoint \(name)", service: "SageMaker", code: .connection,
        detail: "the transfer ended without a result")
    }
  }
}
