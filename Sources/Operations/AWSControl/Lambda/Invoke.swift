import HTTPClient

/// Calls a function.
///
/// `POST /2015-03-31/functions/{F}/invocations?Qualifier=Q`: 200 with the answer, 202 when the event was
/// queued, 204 for a dry run. At most 6 MB in and out, 1 MB for an event. Not idempotent: a broken
/// connection is not tried again, throttling is. A function that failed is a success of this call, with
/// `functionError`. Errors: `TooManyRequestsException` (429, with the reason), `ResourceNotFoundException`,
/// `InvalidRequestContentException`, `RequestTooLargeException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
package struct Invoke: LambdaOperation, WriteOperation {
  /// How it is called.
  package enum InvocationType: String, Sendable {
    /// The answer is waited for.
    case requestResponse = "RequestResponse"
    /// Lambda queues the event.
    case event = "Event"
    /// Only permission and parameters are checked.
    case dryRun = "DryRun"
  }

  /// What came back.
  package struct Output: Sendable {
    /// 200, 202 or 204.
    package let status: Int
    /// `Handled` or `Unhandled` when the function failed.
    package let functionError: String?
    /// The version that answered.
    package let executedVersion: String?
    /// The answer, or the error's description.
    package let payload: [UInt8]
  }

  /// `POST`
  package static let method = "POST"
  /// A lost answer does not tell whether it was called.
  package static let isRepeatable = false
  /// The function.
  package let functionName: String
  /// A version or an alias; nil is `$LATEST`.
  package let qualifier: String?
  /// How it is called.
  package let type: InvocationType
  /// The event, JSON.
  package let payload: [UInt8]

  /// A request; see the properties.
  package init(
    functionName: String, qualifier: String? = nil, type: InvocationType = .requestResponse,
    payload: [UInt8]
  ) {
    self.functionName = functionName
    self.qualifier = qualifier
    self.type = type
    self.payload = payload
  }

  /// A function may take 15 minutes.
  package var timeoutMilliseconds: Int64 { type == .requestResponse ? 910_000 : 60_000 }
  /// The function, and the qualifier behind a colon.
  package var subject: String { qualifier.map { "\(functionName):\($0)" } ?? functionName }
  /// The path.
  package var path: OperationPath { "/2015-03-31/functions/\(functionName)/invocations" }
  /// The qualifier.
  package var query: [(name: String, value: String?)] { [("Qualifier", qualifier)] }

  /// The payload is the body, the rest is headers.
  package var wireRequest: WireRequest {
    var request = WireRequest(method: Self.method, path: path)
    request.query = query.compactMap { name, value in value.map { (name, $0) } }
    request.headers = [HTTPHeader("X-Amz-Invocation-Type", type.rawValue)]
    request.body = payload
    return request
  }

  /// Reads status, headers and body.
  package static func output(of response: HTTPResponse) throws(MalformedResponse) -> Output {
    Output(
      status: response.status, functionError: response.headers["x-amz-function-error"],
      executedVersion: response.headers["x-amz-executed-version"], payload: response.body)
  }
}
