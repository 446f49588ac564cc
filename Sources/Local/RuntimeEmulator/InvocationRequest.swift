/// The request of a client: the event, and the data sent with it in the headers of `/next`.
package struct InvocationRequest: Sendable {
  /// The event, passed on unchanged.
  package var event: [UInt8]
  /// `Lambda-Runtime-Aws-Request-Id`; a new UUID unless a retry repeats an earlier one.
  package var requestID: String
  /// `Lambda-Runtime-Trace-Id`; nil generates an unsampled trace.
  package var traceID: String?
  /// `Lambda-Runtime-Client-Context`, JSON.
  package var clientContext: String?
  /// `Lambda-Runtime-Cognito-Identity`, JSON.
  package var cognitoIdentity: String?
  /// `Lambda-Runtime-Aws-Tenant-Id`.
  package var tenantID: String?
  /// `Lambda-Runtime-Invoked-Function-Arn`; nil uses the configured ARN.
  package var functionARN: String?

  /// - Parameter requestID: defaults to a new UUID.
  package init(
    event: [UInt8], requestID: String = freshUUID(), traceID: String? = nil,
    clientContext: String? = nil,
    cognitoIdentity: String? = nil, tenantID: String? = nil, functionARN: String? = nil
  ) {
    self.event = event
    self.requestID = requestID
    self.traceID = traceID
    self.clientContext = clientContext
    self.cognitoIdentity = cognitoIdentity
    self.tenantID = tenantID
    self.functionARN = functionARN
  }
}
