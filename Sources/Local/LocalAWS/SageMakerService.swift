import Foundation
import JSON
import LoopbackServer
import SigV4
import SignatureVerification

/// SageMaker Runtime's InvokeEndpoint and InvokeEndpointAsync; the kind of the endpoint decides
/// which of them it accepts.
///
/// Source:
/// https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
struct SageMakerService: Sendable {
  static let maximumPayloadBytes = 6_291_456

  private enum Operation: String {
    case invokeEndpoint = "invocations"
    case invokeEndpointAsync = "async-invocations"
  }

  /// Of a serverless endpoint.
  let capacity: ServerlessCapacity?
  /// Of an asynchronous endpoint.
  let queue: AsynchronousQueue?
  private let configuration: LocalAWS.Configuration
  private let verifier: SignatureVerifier
  private let objects: LocalObjects

  init(configuration: LocalAWS.Configuration, verifier: SignatureVerifier, objects: LocalObjects) {
    self.configuration = configuration
    self.verifier = verifier
    self.objects = objects
    switch configuration.endpointKind {
    case .realtime: (capacity, queue) = (nil, nil)
    case .serverless(let endpoint): (capacity, queue) = (ServerlessCapacity(endpoint), nil)
    case .asynchronous(let endpoint):
      capacity = nil
      queue = AsynchronousQueue(endpoint, configuration: configuration, objects: objects)
    }
  }

  func respond(_ request: ReceivedHTTPRequest) -> LocalResponse {
    do throws(SageMakerError) {
      let (endpoint, operation) = try route(request)
      do {
        try verifier.verify(
          request, service: "sagemaker", region: configuration.region, at: configuration.now())
      } catch {
        throw .signature(error)
      }
      try validate(request, endpoint, operation)
      if let queue { return accept(try AsynchronousRequest(request), queue) }
      guard let capacity else { return response(try invoke(request)) }
      return try capacity.run { () throws(SageMakerError) -> LocalResponse in
        let reply = try invoke(request)
        guard reply.body.count <= ServerlessEndpoint.maximumPayloadBytes else {
          // AWS documents the limit, but not the error.
          throw .model(.text(500, "The reply exceeds 4 MB."), configuration)
        }
        return response(reply)
      }
    } catch {
      return error.response
    }
  }

  private func response(_ reply: ContainerReply) -> LocalResponse {
    var headers = [
      ("x-amzn-RequestId", freshUUID()),
      ("x-Amzn-Invoked-Production-Variant", configuration.variantName),
      ("Content-Type", reply.contentType),
    ]
    if let attributes = reply.customAttributes {
      headers.append(("X-Amzn-SageMaker-Custom-Attributes", attributes))
    }
    return LocalResponse(status: 200, headers: headers, body: reply.body)
  }

  private func accept(_ request: AsynchronousRequest, _ queue: AsynchronousQueue) -> LocalResponse {
    let accepted = queue.accept(request)
    var headers = [
      ("x-amzn-RequestId", freshUUID()), ("Content-Type", "application/json"),
      ("X-Amzn-SageMaker-OutputLocation", accepted.output.description),
    ]
    if let failure = accepted.failure {
      headers.append(("X-Amzn-SageMaker-FailureLocation", failure.description))
    }
    let body: JSONValue = ["InferenceId": .string(request.inferenceID)]
    return LocalResponse(status: 202, headers: headers, body: body.serialized())
  }

  /// The endpoint name and operation of `POST /endpoints/NAME/invocations`, or
  /// `…/async-invocations`.
  private func route(
    _ request: ReceivedHTTPRequest
  ) throws(SageMakerError) -> (endpoint: String, operation: Operation) {
    let parts = request.path.split(separator: "/", omittingEmptySubsequences: false)
    guard request.method == "POST", parts.count == 4, parts[0].isEmpty, parts[1] == "endpoints",
      let operation = Operation(rawValue: String(parts[3])), let name = S3Path.decode(parts[2])
    else { throw SageMakerError(status: 404, type: "UnknownOperationException", members: [:]) }
    return (name, operation)
  }

  private func validate(
    _ request: ReceivedHTTPRequest, _ endpoint: String, _ operation: Operation
  ) throws(SageMakerError) {
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
    try validateKind(request, endpoint, operation)
    let variant = request.header("X-Amzn-SageMaker-Target-Variant") ?? configuration.variantName
    guard variant == configuration.variantName else {
      throw .validation(
        code: "NO_SUCH_VARIANT",
        "Variant \(variant) of endpoint \(endpoint) of account \(configuration.accountID) not found."
      )
    }
  }

  /// AWS refuses the other operation with a ValidationError, whose words are not on record.
  private func validateKind(
    _ request: ReceivedHTTPRequest, _ endpoint: String, _ operation: Operation
  ) throws(SageMakerError) {
    guard (operation == .invokeEndpointAsync) == (queue != nil) else {
      throw .validation(
        code: "WRONG_ENDPOINT_KIND",
        queue == nil
          ? "Endpoint \(endpoint) has no AsyncInferenceConfig. Call InvokeEndpoint."
          : "Endpoint \(endpoint) has an AsyncInferenceConfig. Call InvokeEndpointAsync.")
    }
    // In the words of https://github.com/aws/sagemaker-python-sdk/issues/4271
    guard capacity == nil || request.body.count <= ServerlessEndpoint.maximumPayloadBytes else {
      throw .validation(code: "PAYLOAD_TOO_LARGE", "Request \(freshUUID()) has oversize body.")
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
