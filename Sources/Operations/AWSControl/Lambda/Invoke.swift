import HTTPClient

/// Calls a function.
///
/// `POST /2015-03-31/functions/{F}/invocations?Qualifier=Q`: 200 with the answer, 202 when the
/// event was queued, 204 for a dry run. At most 6 MB in and out, 1 MB for an event. Not idempotent:
/// a broken connection is not retried, throttling is. A function that failed is a success of this
/// call, with `functionError`. Errors: `TooManyRequestsException` (429, with the reason),
/// `ResourceNotFoundException`, `InvalidRequestContentException`, `RequestTooLargeException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
package struct Invoke: LambdaOperation, WriteOperation {
  package enum InvocationType: String, Sendable {
    /// Waits for the response.
    case requestResponse = "RequestResponse"
    case event = "Event"
    /// Checks permission and parameters only.
    case dryRun = "DryRun"
  }

  package struct Output: Sendable {
    /// 200, 202 or 204.
    package let status: Int
    /// `Handled` or `Unhandled` when the function failed.
    package let functionError: String?
    package let executedVersion: String?
    /// The response, or the error's description.
    package let payload: [UInt8]
  }

  package static let method = "POST"
  /// The function would run twice.
  package static let isRepeatable = false
  package let functionName: String
  /// A version or an alias; nil is `$LATEST`.
  package let qualifier: String?
  package let type: InvocationType
  package let payload: [UInt8]

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
  package var path: OperationPath { "/2015-03-31/functions/\(functionName)/invocations" }
  package var query: [(name: String, value: String?)] { [("Qualifier", qualifier)] }

  /// The payload is the body, the rest is headers.
  package var wireRequest: WireRequest {
    var request = WireRequest(method: Self.method, path: path)
    request.query = query.compactMap { name, value in value.map { (name, $0) } }
    request.headers = [HTTPHeader("X-Amz-Invocation-Type", type.rawValue)]
    request.body = payload
    return request
  }

  package static func output(of response: HTTPResponse) throws(MalformedResponse) -> Output {
    Output(
      status: response.status, functionError: response.headers["x-amz-function-error"],
      executedVersion: response.headers["x-amz-executed-version"], payload: response.body)
  }
}
