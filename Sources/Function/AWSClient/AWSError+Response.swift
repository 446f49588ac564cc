import HTTPClient
import JSON
import Platform

/// Reading the error out of a response: JSON, S3's XML, or the page of a proxy.
extension AWSError {
  /// The error of a response that is not 2xx; `region` is the one signed for.
  public convenience init(_ response: HTTPResponse, request: AWSRequest, region: String) {
    let body = ErrorBody(response.body)
    let status = response.status
    let given = Self.shortened(response.headers["x-amzn-errortype"]) ?? Self.shortened(body.code)
    let code = given ?? Self.code(ofStatus: status, response.headers)
    let redirect = response.headers["x-amz-bucket-region"].flatMap { actual in
      actual == region ? nil : "The bucket is in \(actual), the request was signed for \(region)"
    }
    let failure = AWSService.Failure(
      code: code, containerStatus: body.originalStatus, text: body.message)
    self.init(
      operation: request.operation, service: request.service.displayName, code: code,
      detail: ErrorText.readable(body.message) + (body.suffix.isEmpty ? "" : " \(body.suffix)"),
      status: status, requestID: Self.requestID(response.headers) ?? body.requestID,
      originalStatus: body.originalStatus,
      verdict: request.service.rule(failure)
        ?? RetryRules.verdict(code: given?.rawValue ?? "", status: status),
      advice: redirect ?? Self.advice(for: code, body.message, request: request))
  }

  /// AWS's id of a request, from the headers of its response.
  static func requestID(_ headers: HTTPHeaders) -> String? {
    let id = headers["x-amzn-requestid"] ?? headers["x-amz-request-id"]
    return id.map(short)
  }

  /// `com.amazonaws.sagemaker#ModelError:http://…` is `ModelError`.
  private static func shortened(_ type: String?) -> AWSErrorCode? {
    guard let type else { return nil }
    let path = type.utf8.prefix { $0 != UInt8(ascii: ":") }
    let start = path.lastIndex(of: UInt8(ascii: "#")).map(path.index(after:)) ?? path.startIndex
    let name = String(Substring(path[start...]))
    return name.isEmpty ? nil : AWSErrorCode(rawValue: short(name))
  }

  /// Longer ones are not AWS's.
  private static func short(_ text: String) -> String {
    String(decoding: text.utf8.prefix(128), as: UTF8.self)
  }

  private static func code(ofStatus status: Int, _ headers: HTTPHeaders) -> AWSErrorCode {
    switch status {
    case 301, 307: .permanentRedirect
    case 403: .accessDenied
    case 404 where headers["x-amz-delete-marker"] == "true": .noSuchKey
    case 404: AWSErrorCode(rawValue: "NotFound")
    // A GET of a delete marker by its version.
    case 405 where headers["x-amz-delete-marker"] == "true": .noSuchVersion
    case 429: .throttling
    case 500: .internalFailure
    case 503: .serviceUnavailable
    default: AWSErrorCode(rawValue: "HTTP\(status)")
    }
  }

  private static func advice(
    for code: AWSErrorCode, _ message: String, request: AWSRequest
  ) -> String {
    switch code {
    case .accessDenied, .accessDeniedException:
      keyAction(in: message).map { "The role needs \($0) on the KMS key of the object" }
        ?? request.accessAdvice
    case .expiredToken, .expiredTokenException:
      "The credentials have expired: Lambda renews those of a function by itself, "
        + "on your own machine sign in again"
    case .signatureDoesNotMatch, .invalidSignature:
      "Check the secret access key and the clock of this machine"
    default: ""
    }
  }

  /// `kms:Decrypt` where the message names it: then it is the key's policy that denies, not the object's.
  private static func keyAction(in message: String) -> String? {
    ["kms:Decrypt", "kms:GenerateDataKey"].first { message.holds($0) }
  }
}

/// The content of an error's body.
private struct ErrorBody {
  var code: String?
  var message = ""
  /// What follows the message however long it is.
  var suffix = ""
  var requestID: String?
  var originalStatus: Int?

  init(_ bytes: [UInt8]) {
    if let json = try? JSONValue(parsing: bytes), json.objectValue != nil {
      read(json)
    } else if let code = XMLText.element("Code", in: bytes) {
      self.code = code
      message = XMLText.element("Message", in: bytes) ?? ""
      requestID = XMLText.element("RequestId", in: bytes)
    } else {
      message = String(decoding: bytes.prefix(65_536), as: UTF8.self)
    }
  }

  private mutating func read(_ json: JSONValue) {
    code = json["__type"]?.stringValue ?? json["code"]?.stringValue
    originalStatus = json["OriginalStatusCode"]?.int64Value.map { Int(clamping: $0) }
    message =
      json["Message"]?.stringValue ?? json["message"]?.stringValue
      ?? json["OriginalMessage"]?.stringValue ?? ""
    // Lambda's reason of a 429, as ReservedFunctionConcurrentInvocationLimitExceeded.
    let additions = [
      json["Reason"]?.stringValue, json["LogStreamArn"]?.stringValue.map { "log: \($0)" },
    ].compactMap { $0.map { "[\(ErrorText.readable($0))]" } }
    suffix = additions.joined(separator: " ")
  }
}
