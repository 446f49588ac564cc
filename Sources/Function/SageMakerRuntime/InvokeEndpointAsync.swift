import AWSClient
import HTTPClient
import JSON

/// The input of InvokeEndpointAsync; everything but the name and the input itself is optional.
///
/// There is no target variant, no inference component, and no version of the input object: the endpoint reads the
/// object that is there when the request's turn comes.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
public struct InvokeEndpointAsyncRequest: Sendable {
  /// What the model gets.
  public enum Input: Sendable {
    /// `s3://BUCKET/KEY`, not percent-encoded, 1 to 1,024 characters.
    case location(String)
    /// At most `maximumInlineBytes`.
    case inline([UInt8])
  }

  /// The largest input in the request itself.
  public static let maximumInlineBytes = 128_000
  /// The longest `Input.location`, in bytes.
  public static let maximumLocationBytes = 1_024
  /// The longest `outputPathExtension`.
  public static let maximumExtensionBytes = 512
  /// The longest `inferenceID`.
  public static let maximumInferenceIDBytes = 64

  /// The endpoint, 1 to 63 characters, `[a-zA-Z0-9](-*[a-zA-Z0-9])*`.
  public var endpointName: String
  public var input: Input
  /// The type of the input, at most 1,024 ASCII characters.
  public var contentType: String?
  /// The type wanted back, at most 1,024 ASCII characters.
  public var accept: String?
  /// Passed on to the container, at most 1,024 ASCII characters.
  public var customAttributes: String?
  /// A name of this request, 1 to 64 printable characters; SageMaker makes one if nil.
  public var inferenceID: String?
  /// Between the endpoint's output path and the name of the output object, 1 to 512 characters of
  /// `a-zA-Z0-9!_.*'()/-`.
  public var outputPathExtension: String?
  /// The name of the output object, 1 to 32 characters with at most one dot.
  public var filename: String?
  /// How long the request may wait in the queue, 60 to 21,600 s; SageMaker's default is the maximum.
  public var requestTTLSeconds: Int?
  /// How long the container may take, 1 to 3,600 s; SageMaker's default is 900 s.
  public var invocationTimeoutSeconds: Int?

  /// A request; the other properties are set as needed.
  public init(endpointName: String, input: Input) {
    self.endpointName = endpointName
    self.input = input
  }

  var body: [UInt8] { if case .inline(let bytes) = input { bytes } else { [] } }

  var headers: [HTTPHeader] {
    let location: String? = if case .location(let location) = input { location } else { nil }
    let headers: [(String, String?)] = [
      ("Content-Type", contentType), ("Accept", accept), ("Custom-Attributes", customAttributes),
      ("Inference-Id", inferenceID), ("InputLocation", location),
      ("S3OutputPathExtension", outputPathExtension), ("Filename", filename),
      ("RequestTTLSeconds", requestTTLSeconds.map(String.init)),
      ("InvocationTimeoutSeconds", invocationTimeoutSeconds.map(String.init)),
    ]
    return headers.compactMap { name, value in
      value.map { HTTPHeader("X-Amzn-SageMaker-" + name, $0) }
    }
  }
}

/// The output of InvokeEndpointAsync: where the results will be, which are not there yet.
public struct InvokeEndpointAsyncResponse: Sendable {
  public let inferenceID: String?
  /// An `s3://` or `https://` URL of the container's reply; SageMaker chooses the object's name.
  public let outputLocation: String?
  /// The same of its error reply; nil without a failure path.
  public let failureLocation: String?
  /// AWS's id of the request.
  public let requestID: String?
}

extension SageMakerRuntimeClient {
  /// Puts an input into the queue of an asynchronous endpoint.
  ///
  /// `POST /endpoints/{EndpointName}/async-invocations`, signed as `sagemaker`; 202. An input in S3 of at most 1 GB,
  /// which the endpoint's own role reads, or 128,000 bytes inline. A repeated call queues the input twice; for a
  /// classifier that only costs an inference, so it is retried as `RetryRules` and `AWSService.sageMakerRuntime` say.
  /// Errors: `ValidationError` (also for an endpoint that does not exist or is not asynchronous),
  /// `AccessDeniedException` (an action of its own), `InternalFailure`, `ServiceUnavailable`. What the endpoint's role
  /// lacks does not show here: the inference fails later.
  /// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
  public func invokeEndpointAsync(
    _ input: InvokeEndpointAsyncRequest, in context: CallContext,
    then completion: @escaping (Result<InvokeEndpointAsyncResponse, AWSError>) -> Void
  ) {
    aws.start(request(input), in: context) { result in
      completion(
        result.map { response in
          InvokeEndpointAsyncResponse(
            inferenceID: (try? JSONValue(parsing: response.body))?["InferenceId"]?.stringValue,
            outputLocation: response.headers["x-amzn-sagemaker-outputlocation"],
            failureLocation: response.headers["x-amzn-sagemaker-failurelocation"],
            requestID: response.headers["x-amzn-requestid"])
        })
    }
  }

  func request(_ input: InvokeEndpointAsyncRequest) -> AWSRequest {
    var request = AWSRequest(
      service: .sageMakerRuntime, operation: "InvokeEndpointAsync \(input.endpointName)",
      method: "POST", path: "/endpoints/\(input.endpointName)/async-invocations",
      maximumResponseBytes: 65_536,
      accessAdvice: "The function's role needs sagemaker:InvokeEndpointAsync on this endpoint")
    request.limits = limits
    request.headers = input.headers
    request.body = input.body
    return request
  }
}
