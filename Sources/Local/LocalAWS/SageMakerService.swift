import Foundation
import JSON
import LoopbackServer
import SigV4
import SignatureVerification

/// SageMaker Runtime's InvokeEndpoint.
///
/// Source:
/// https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
struct SageMakerService: Sendable {
  static let maximumPayloadBytes = 6_291_456

  private let configuration: LocalAWS.Configuration
  private let verifier: SignatureVerifier
  private let objects: LocalObjects

  init(configuration: LocalAWS.Configuration, verifier: SignatureVerifier, objects: LocalObjects) {
    self.configuration = configuration
    self.verifier = verifier
    self.objects = objects
  }

  func respond(_ request: ReceivedHTTPRequest) -> LocalResponse {
    do throws(SageMakerError) {
      let endpoint = try route(request)
      do {
        try verifier.verify(
          request, service: "sagemaker", region: configuration.region, at: configuration.now())
      } catch {
        throw .signature(error)
      }
      try validate(request, endpoint)
      let reply = try invoke(request)
      var headers = [
        ("x-amzn-RequestId", freshUUID()),
        ("x-Amzn-Invoked-Production-Variant", configuration.variantName),
        ("Content-Type", reply.contentType),
      ]
      if let attributes = reply.customAttributes {
        headers.append(("X-Amzn-SageMaker-Custom-Attributes", attributes))
      }
      return LocalResponse(status: 200, headers: headers, body: reply.body)
    } catch {
      return error.response
    }
  }

  /// The endpoint name of `POST /endpoints/NAME/invocations`.
  private func route(_ request: ReceivedHTTPRequest) throws(SageMakerError) -> String {
    let parts = request.path.split(separator: "/", omittingEmptySubsequences: false)
    guard request.method == "POST", parts.count == 4, parts[0].isEmpty, parts[1] == "endpoints",
      parts[3] == "invocations", let name = S3Path.decode(parts[2])
    else { throw SageMakerError(status: 404, type: "UnknownOperationException", members: [:]) }
    return name
  }

  private func validate(_ request: ReceivedHTTPRequest, _ endpoint: String) throws(SageMakerError) {
    guard request.body.count <= Self.maximumPayloadBytes else {
      throw .validation(
        status: 413, code: "PAYLOAD_TOO_LARGE",
        "Request body of \(request.body.count) bytes exceeds the limit of \(Self.maximumPayloadBytes) bytes."
      )
    }
    guard endpoint == configuration.endpointName else {
      throw .validation(
        code: "NO_SUCH_ENDPOINT",
        "Endpoint \(endpoint) of account \(configuration.accountID) not found.")
    }
    let variant = request.header("X-Amzn-SageMaker-Target-Variant") ?? configuration.variantName
    guard variant == configuration.variantName else {
      throw .validation(
        code: "NO_SUCH_VARIANT",
        "Variant \(variant) of endpoint \(endpoint) of account \(configuration.accountID) not found."
      )
    }
  }

  private func invoke(_ request: ReceivedHTTPRequest) throws(SageMakerError) -> ContainerReply {
    let reply: ContainerReply
    do {
      reply = try configuration.model.infer(
        ContainerRequest(
          contentType: request.header("Content-Type") ?? "application/octet-stream",
          accept: request.header("Accept") ?? "",
          customAttributes: request.header("X-Amzn-SageMaker-Custom-Attributes"),
          body: request.body,
          objects: objects))
    } catch {
      // SageMaker's message for a container that does not respond, followed by the local reason.
      let message =
        configuration.containerNote == nil
        ? "Your invocation timed out while waiting for a response from container primary. Review the latency metrics for "
          + "each container in Amazon CloudWatch, resolve the issue, and try again. (\(error))"
        : "The container did not answer: \(error)."
      throw .model(ContainerReply.text(0, message), configuration)
    }
    guard (200..<300).contains(reply.status) else { throw .model(reply, configuration) }
    return reply
  }
}

func freshUUID() -> String {
  UUID().uuidString.lowercased()
}
