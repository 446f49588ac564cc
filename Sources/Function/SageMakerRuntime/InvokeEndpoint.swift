import AWSClient
import HTTPClient

/// The input of InvokeEndpoint; everything but the name and the body is optional.
///
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
public struct InvokeEndpointRequest: Sendable {
  /// The endpoint, 1 to 63 characters, `[a-zA-Z0-9](-*[a-zA-Z0-9])*`.
  public var endpointName: String
  /// What the model gets, at most 6,291,456 bytes.
  public var body: [UInt8]
  /// Sent instead of `body`, with the same limit.
  public var receivedBody: ReceivedBody?
  /// The type of `body`, at most 1,024 ASCII characters.
  public var contentType: String?
  /// The type wanted back, at most 1,024 ASCII characters.
  public var accept: String?
  /// Passed on to the container, at most 1,024 ASCII characters.
  public var customAttributes: String?
  /// The model of a multi-model endpoint, 1 to 1,024 characters.
  public var targetModel: String?
  /// The production variant, instead of the endpoint's own choice; at most 63 characters.
  public var targetVariant: String?
  /// The container of a multi-container endpoint; at most 63 characters.
  public var targetContainerHostname: String?
  /// The inference component, at most 63 characters.
  public var inferenceComponentName: String?
  /// A name of this call in captured data, 1 to 64 characters.
  public var inferenceID: String?
  /// An expression that turns Clarify's explanations on or off, 1 to 64 characters.
  public var enableExplanations: String?
  /// A stateful session, at most 256 characters, or `NEW_SESSION`.
  public var sessionID: String?

  /// A request; the other properties are set as needed.
  public init(endpointName: String, body: [UInt8]) {
    self.endpointName = endpointName
    self.body = body
  }

  var headers: [HTTPHeader] {
    var headers: [HTTPHeader] = []
    func add(_ name: String, _ value: String?) {
      if let value { headers.append(HTTPHeader(name, value)) }
    }
    add("Content-Type", contentType)
    add("Accept", accept)
    add("X-Amzn-SageMaker-Custom-Attributes", customAttributes)
    add("X-Amzn-SageMaker-Target-Model", targetModel)
    add("X-Amzn-SageMaker-Target-Variant", targetVariant)
    add("X-Amzn-SageMaker-Target-Container-Hostname", targetContainerHostname)
    add("X-Amzn-SageMaker-Inference-Component", inferenceComponentName)
    add("X-Amzn-SageMaker-Inference-Id", inferenceID)
    add("X-Amzn-SageMaker-Enable-Explanations", enableExplanations)
    add("X-Amzn-SageMaker-Session-Id", sessionID)
    return headers
  }
}

/// The output of InvokeEndpoint.
public struct InvokeEndpointResponse: Sendable {
  /// What the model answered.
  public let body: [UInt8]
  /// The type of `body`.
  public let contentType: String?
  /// The production variant that answered.
  public let invokedProductionVariant: String?
  /// What the container passed back.
  public let customAttributes: String?
  /// AWS's id of the request.
  public let requestID: String?
}
