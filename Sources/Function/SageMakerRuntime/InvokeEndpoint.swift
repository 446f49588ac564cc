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
    let prefix = "X-Amzn-SageMaker-"
    return [
      ("Content-Type", contentType), ("Accept", accept),
      (prefix + "Custom-Attributes", customAttributes), (prefix + "Target-Model", targetModel),
      (prefix + "Target-Variant", targetVariant),
      (prefix + "Target-Container-Hostname", targetContainerHostname),
      (prefix + "Inference-Component", inferenceComponentName),
      (prefix + "Inference-Id", inferenceID),
      (prefix + "Enable-Explanations", enableExplanations), (prefix + "Session-Id", sessionID),
    ].compactMap { name, value in value.map { HTTPHeader(name, $0) } }
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
