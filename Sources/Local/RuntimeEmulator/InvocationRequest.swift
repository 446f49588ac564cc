/// What a client hands to a function: the event, and what travels beside it in the headers of
/// `/next`.
package struct InvocationRequest: Sendable {
  /// The event's bytes, handed on as they are.
  package var event: [UInt8]
  /// `Lambda-Runtime-Aws-Request-Id`; a fresh UUID unless a retry repeats an earlier one.
  package var requestID: String
  /// `Lambda-Runtime-Trace-Id`; a fresh, unsampled one when nil.
  package var traceID: String?
  /// `Lambda-Runtime-Client-Context`, JSON.
  package var clientContext: String?
  /// `Lambda-Runtime-Cognito-Identity`, JSON.
  package var cognitoIdentity: String?
  /// `Lambda-Runtime-Aws-Tenant-Id`.
  package var tenantID: String?
  /// `Lambda-Runtime-Invoked-Function-Arn`; the configured one, with its qualifier, when nil.
  package var functionARN: String?

  /// A request with a fresh id.
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
