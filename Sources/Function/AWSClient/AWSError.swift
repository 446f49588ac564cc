import HTTPClient
import Platform

/// Why a call to AWS failed: AWS's own words where there are some.
public struct AWSError: ReportableError, Equatable, Sendable {
  /// The call and what it was about, as `GetObject s3://photos/rex.jpg`.
  public let operation: String
  /// The service's name in `errorType`.
  public let service: String
  /// AWS's code.
  public let code: AWSErrorCode
  /// AWS's message, or what happened in words.
  public let detail: String
  /// The HTTP status; nil when no response came.
  public let status: Int?
  /// AWS's id of the request, which its support asks for; nil when none came.
  public let requestID: String?
  /// The status of the model's container, for `ModelError`.
  public let originalStatus: Int?
  /// Whether the transport itself was the trouble, and another try may help.
  public let isTransient: Bool
  /// One line of advice; empty when there is none.
  public let advice: String
  /// How often the call was tried.
  private(set) var attempts = 1

  /// An error of one's own making, as a failed checksum.
  public init(
    operation: String, service: String, code: AWSErrorCode, detail: String, status: Int? = nil,
    requestID: String? = nil, originalStatus: Int? = nil, isTransient: Bool = false,
    advice: String = ""
  ) {
    self.operation = operation
    self.service = service
    self.code = code
    self.detail = detail
    self.status = status
    self.requestID = requestID
    self.originalStatus = originalStatus
    self.isTransient = isTransient
    self.advice = advice
  }

  /// Whether the same call may succeed later.
  public private(set) var retryCanHelp = false

  /// The same error as the last of several tries.
  public func after(attempts: Int, retryCanHelp: Bool) -> AWSError {
    var copy = self
    copy.attempts = attempts
    copy.retryCanHelp = retryCanHelp
    return copy
  }

  /// `S3.NoSuchKey` and the like.
  public var errorType: String {
    // The header that carries it takes letters, digits and dots only.
    service + "." + code.rawValue.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
  }

  /// What failed, on what, with AWS's code, status and request id, and what to do.
  public var message: String {
    let facts = [
      status.map { "status \($0)" }, requestID.map { "request id \($0)" },
      attempts > 1 ? "\(attempts) tries" : nil,
    ].compactMap { $0 }.joined(separator: ", ")
    return "\(operation): \(code.rawValue)" + (detail.isEmpty ? "" : ": \(detail)")
      + (facts.isEmpty ? "" : " (\(facts))") + (advice.isEmpty ? "" : ". \(advice)")
  }
}

extension AWSError {
  /// The error of a transfer that brought no response.
  public init(_ error: HTTPError, request: AWSRequest, detail: String? = nil) {
    let (code, isTransient): (AWSErrorCode, Bool) =
      switch error.kind {
      case .timedOut: (.timedOut, true)
      case .nameResolution, .connection, .connectionLost, .incompleteBody: (.connection, true)
      case .tls: (.tls, false)
      case .bodyTooLarge: (.bodyTooLarge, false)
      case .malformedResponse: (.malformedResponse, false)
      case .invalidRequest, .other: (AWSErrorCode(rawValue: "Transfer"), false)
      }
    self.init(
      operation: request.operation, service: request.service.displayName, code: code,
      detail: detail ?? error.message, isTransient: isTransient,
      advice: error.kind == .tls ? Self.tlsAdvice : "")
  }

  private static let tlsAdvice =
    "Behind a proxy that opens TLS, name its certificate in AWS_CA_BUNDLE"
}
