import LoopbackServer

/// A failure of a service, as AWS sends it.
///
/// Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html,
/// https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
package enum ServiceFault: String, CaseIterable, Sendable {
  case s3AccessDenied, s3SlowDown, s3Silent
  case endpointUnavailable, endpointThrottled, modelError, endpointSilent

  /// The service that fails.
  package var service: LocalService {
    switch self {
    case .s3AccessDenied, .s3SlowDown, .s3Silent: .s3
    case .endpointUnavailable, .endpointThrottled, .modelError, .endpointSilent: .sageMaker
    }
  }

  /// The name of the fault for a person.
  package var title: String {
    switch self {
    case .s3AccessDenied: "S3: 403 AccessDenied"
    case .s3SlowDown: "S3: 503 SlowDown (throttled)"
    case .s3Silent: "S3: no answer (timeout)"
    case .endpointUnavailable: "Endpoint: 503 ServiceUnavailable"
    case .endpointThrottled: "Endpoint: 429 ThrottlingException"
    case .modelError: "Endpoint: 424 ModelError, the container fails"
    case .endpointSilent: "Endpoint: no answer (timeout)"
    }
  }

  /// Nil if the service never answers.
  func response(
    to request: ReceivedHTTPRequest, _ configuration: LocalAWS.Configuration
  ) -> LocalResponse? {
    switch self {
    case .s3AccessDenied: S3Error.accessDenied.response(resource: request.path)
    case .s3SlowDown: S3Error.slowDown.response(resource: request.path)
    case .endpointUnavailable:
      SageMakerError(
        status: 503, type: "ServiceUnavailable",
        members: ["Message": "The service is currently unavailable."]
      ).response
    case .endpointThrottled:
      SageMakerError(
        status: 429, type: "ThrottlingException", members: ["message": "Rate exceeded"]
      ).response
    case .modelError:
      SageMakerError.model(
        .text(500, "RuntimeError: injected by the page of local-invoke"), configuration
      ).response
    case .s3Silent, .endpointSilent: nil
    }
  }
}
