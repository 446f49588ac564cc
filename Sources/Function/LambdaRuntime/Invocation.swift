import Platform

/// One invocation, as received from the Runtime API.
///
/// Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html#runtimes-api-next
public struct Invocation: Sendable {
  /// Lambda's limit for a response.
  /// Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
  public static let maximumResponseBytes = 6_291_456

  /// `Lambda-Runtime-Aws-Request-Id`; identifies the invocation in logs and responses.
  public let requestID: String
  /// `Lambda-Runtime-Deadline-Ms`; `distantFuture` when the header is missing.
  public let deadline: Deadline
  /// `Lambda-Runtime-Invoked-Function-Arn`, including the qualifier of the request.
  public let invokedFunctionARN: String?
  /// `Lambda-Runtime-Trace-Id`, for X-Ray.
  public let traceID: String?
  /// `Lambda-Runtime-Client-Context`, JSON from the mobile SDKs.
  public let clientContext: String?
  /// `Lambda-Runtime-Cognito-Identity`, JSON from the mobile SDKs.
  public let cognitoIdentity: String?
  /// `Lambda-Runtime-Aws-Tenant-Id`, for functions with tenant isolation.
  public let tenantID: String?
  /// `Lambda-Runtime-Invocation-Id`, echoed with the response so that a late response cannot be
  /// taken for a retry's.
  public let invocationID: String?
  /// The event, as received.
  public let event: [UInt8]

  /// Milliseconds until Lambda ends the invocation; zero or negative after the deadline,
  /// `Int64.max` without one.
  public func remainingMilliseconds(on clock: Clock = .system) -> Int64 {
    deadline.remainingMilliseconds(on: clock)
  }

  /// A custom invocation, for tests of handlers.
  public init(
    requestID: String, deadline: Deadline, traceID: String? = nil, event: [UInt8]
  ) {
    self.requestID = requestID
    self.deadline = deadline
    self.traceID = traceID
    self.event = event
    invokedFunctionARN = nil
    clientContext = nil
    cognitoIdentity = nil
    tenantID = nil
    invocationID = nil
  }

  /// Reads the headers of `/invocation/next`; nil without a request ID, because a response would
  /// need it.
  init?(_ head: ResponseHead, event: [UInt8]) {
    guard let id = head["lambda-runtime-aws-request-id"], !id.isEmpty else { return nil }
    requestID = id
    deadline =
      head["lambda-runtime-deadline-ms"].flatMap { Int64($0) }
      .map(Deadline.init(unixMilliseconds:)) ?? .distantFuture
    invokedFunctionARN = head["lambda-runtime-invoked-function-arn"]
    traceID = head["lambda-runtime-trace-id"]
    clientContext = head["lambda-runtime-client-context"]
    cognitoIdentity = head["lambda-runtime-cognito-identity"]
    tenantID = head["lambda-runtime-aws-tenant-id"]
    invocationID = head["lambda-runtime-invocation-id"]
    self.event = event
  }
}
