import HTTPClient
import JSON

/// Reading the error out of a response: JSON, S3's XML, or whatever a proxy sent instead.
extension AWSError {
  /// What AWS says in a response that is no success; `region` is the one signed for.
  public init(_ response: HTTPResponse, request: AWSRequest, region: String) {
    let body = ErrorBody(response.body)
    let status = response.status
    let code =
      Self.shortened(response.headers["x-amzn-errortype"]) ?? Self.shortened(body.code)
      ?? Self.code(ofStatus: status)
    let redirect = response.headers["x-amz-bucket-region"].flatMap { actual in
      actual == region ? nil : "The bucket is in \(actual), the request was signed for \(region)"
    }
    self.init(
      operation: request.operation, service: request.service.displayName, code: code,
      detail: body.message, status: status,
      requestID: response.headers["x-amzn-requestid"] ?? response.headers["x-amz-request-id"],
      originalStatus: body.originalStatus,
      // An answer that no AWS service wrote is judged by its status alone.
      isTransient: body.code == nil && response.headers["x-amzn-errortype"] == nil
        && [500, 502, 503, 504].contains(status),
      advice: redirect ?? Self.advice(for: code, request: request))
  }

  /// `com.amazonaws.sagemaker#ModelError:http://…` is `ModelError`.
  private static func shortened(_ type: String?) -> AWSErrorCode? {
    guard let type else { return nil }
    let name = type.prefix { $0 != ":" }.split(separator: "#").last.map(String.init) ?? ""
    return name.isEmpty ? nil : AWSErrorCode(rawValue: name)
  }

  private static func code(ofStatus status: Int) -> AWSErrorCode {
    switch status {
    case 301, 307: .permanentRedirect
    case 403: .accessDenied
    case 404: AWSErrorCode(rawValue: "NotFound")
    case 429: .throttling
    case 500: .internalFailure
    case 503: .serviceUnavailable
    default: AWSErrorCode(rawValue: "HTTP\(status)")
    }
  }

  private static func advice(for code: AWSErrorCode, request: AWSRequest) -> String {
    switch code {
    case .accessDenied, .accessDeniedException: request.accessAdvice
    case .expiredToken, .expiredTokenException:
      "The credentials' time is over: Lambda renews those of a function by itself, "
        + "on a laptop sign in again"
    case .signatureDoesNotMatch, .invalidSignature:
      "Check the secret key and the clock of this machine"
    default: ""
    }
  }
}

/// What an error's body says.
private struct ErrorBody {
  var code: String?
  var message = ""
  var originalStatus: Int?

  init(_ bytes: [UInt8]) {
    if let json = try? JSONValue(parsing: bytes), json.objectValue != nil {
      read(json)
    } else if let code = XMLText.element("Code", in: bytes) {
      self.code = code
      message = XMLText.element("Message", in: bytes) ?? ""
    } else {
      message = excerpt(of: bytes)
    }
  }

  private mutating func read(_ json: JSONValue) {
    code = json["__type"]?.stringValue ?? json["code"]?.stringValue
    originalStatus = json["OriginalStatusCode"]?.int64Value.map { Int(clamping: $0) }
    // Of a model's traceback the first line is shown; all of it is in the endpoint's own log.
    let text = json["Message"]?.stringValue ?? json["message"]?.stringValue ?? ""
    message = String(text.prefix { !$0.isNewline })
    if let stream = json["LogStreamArn"]?.stringValue { message += " [log: \(stream)]" }
  }

  /// The first 200 characters, on one line.
  private func excerpt(of bytes: [UInt8]) -> String {
    let text = String(decoding: bytes.prefix(1000), as: UTF8.self)
    return String(text.prefix(200).map { $0.isNewline ? " " : $0 })
  }
}
