import HTTPClient
import Platform

/// Why a call to AWS failed: AWS's own words where there are some.
///
/// A class, because it is passed on in many results, and copying its strings takes code.
public final class AWSError: ReportableError, Sendable {
  /// The call and its object, as `GetObject s3://photos/rex.jpg`.
  public let operation: String
  /// The service's name in `errorType`.
  public let service: String
  /// AWS's code.
  public let code: AWSErrorCode
  /// AWS's message on one line, shortened, or what happened in words.
  public let detail: String
  /// The HTTP status; nil when no response came.
  public let status: Int?
  /// AWS's id of the request, which its support asks for; nil when none came.
  public let requestID: String?
  /// The status of the model's container, for `ModelError`.
  public let originalStatus: Int?
  /// Whether a retry, or a redelivery, can help.
  public let verdict: RetryVerdict
  /// One line of advice; empty when there is none.
  public let advice: String
  /// The declared size of a body that was refused as too large, in bytes.
  public let refusedBodyBytes: Int?
  /// How many attempts were made.
  public let attempts: Int
  /// Why there was no further attempt although one could have helped.
  private let note: String?

  /// An error found by this library, such as a failed checksum.
  @inline(never)
  public init(
    operation: String, service: String, code: AWSErrorCode, detail: String, status: Int? = nil,
    requestID: String? = nil, originalStatus: Int? = nil, verdict: RetryVerdict = .permanent,
    advice: String = "", refusedBodyBytes: Int? = nil
  ) {
    self.operation = operation
    self.service = service
    self.code = code
    self.detail = detail
    self.status = status
    self.requestID = requestID
    self.originalStatus = originalStatus
    self.verdict = verdict
    self.advice = advice
    self.refusedBodyBytes = refusedBodyBytes
    attempts = 1
    note = nil
  }

  @inline(never)
  private init(
    _ error: AWSError, verdict: RetryVerdict? = nil, advice: String? = nil, attempts: Int? = nil,
    note: String? = nil
  ) {
    operation = error.operation
    service = error.service
    code = error.code
    detail = error.detail
    status = error.status
    requestID = error.requestID
    originalStatus = error.originalStatus
    refusedBodyBytes = error.refusedBodyBytes
    self.verdict = verdict ?? error.verdict
    self.advice = advice ?? error.advice
    self.attempts = attempts ?? error.attempts
    self.note = note ?? error.note
  }

  /// Whether a redelivery of the event can help.
  public var retryCanHelp: Bool { verdict.redeliveryCanHelp }

  /// The same error as the last of several attempts.
  func after(attempts: Int, note: String?) -> AWSError {
    AWSError(self, attempts: attempts, note: note)
  }

  /// The same error with another verdict.
  func with(verdict: RetryVerdict) -> AWSError { AWSError(self, verdict: verdict) }

  /// The same error with other advice.
  public func with(advice: String) -> AWSError { AWSError(self, advice: advice) }

  /// `S3.NoSuchKey` and the like.
  public var errorType: String {
    // The header that carries it takes letters, digits and dots only.
    let reason = code.rawValue.utf8.prefix(64).filter(Self.isLetterOrDigit)
    return service + "." + String(decoding: reason, as: UTF8.self)
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }

  /// What failed, on which object, with AWS's code, status and request id.
  public var facts: String { facts(detail: detail) }

  /// The same with a part of AWS's message.
  public func facts(detail: String) -> String {
    let facts = [
      status.map { "status \($0)" }, requestID.map { "request id \($0)" },
      attempts > 1 ? "\(attempts) attempts" : nil, note,
    ].compactMap { $0 }.joined(separator: ", ")
    return "\(operation): \(code.rawValue)" + (detail.isEmpty ? "" : ": \(detail)")
      + (facts.isEmpty ? "" : " (\(facts))")
  }

  /// The facts, and what to do.
  public var message: String { facts + (advice.isEmpty ? "" : ". \(advice)") }

  /// The fields of a log line about the error.
  public var logFields: LogFields {
    LogFields([
      ("errorType", .text(errorType)), ("awsErrorCode", .text(code.rawValue)),
      ("awsRequestId", requestID.map { .text($0) }),
      ("httpStatus", status.map { .number(Int64($0)) }),
      ("containerStatus", originalStatus.map { .number(Int64($0)) }),
      ("attempts", .number(Int64(attempts))),
    ])
  }
}

extension AWSError {
  /// The error of a transfer that brought no response.
  public convenience init(_ error: HTTPError, request: AWSRequest) {
    let (code, verdict): (AWSErrorCode, RetryVerdict) =
      switch error.kind {
      case .timedOut: (.timedOut, .transient)
      case .connectionTimedOut, .nameResolution, .connection, .connectionLost, .incompleteBody,
        .handshakeBroken:
        (.connection, .transient)
      case .handshakeFailed: (.tls, .once)
      case .proxy(let status): (.proxy, status.map(Self.proxyVerdict) ?? .once)
      case .tls: (.tls, .permanent)
      case .bodyTooLarge: (.bodyTooLarge, .permanent)
      case .malformedResponse: (.malformedResponse, .permanent)
      case .invalidRequest: (AWSErrorCode(rawValue: "Transfer"), .permanent)
      case .other: (AWSErrorCode(rawValue: "Transfer"), .laterOnly)
      }
    var refusedBodyBytes: Int?
    if case .bodyTooLarge(let declared, _) = error.kind { refusedBodyBytes = declared }
    self.init(
      operation: request.operation, service: request.service.displayName, code: code,
      detail: ErrorText.readable(error.message),
      requestID: error.headers.flatMap(Self.requestID),
      verdict: request.service.rule(
        AWSService.Failure(code: code, containerStatus: nil, text: error.message)) ?? verdict,
      advice: Self.advice(for: error), refusedBodyBytes: refusedBodyBytes)
  }

  private static func proxyVerdict(_ status: Int) -> RetryVerdict {
    RetryRules.verdict(code: "", status: status)
  }

  private static func advice(for error: HTTPError) -> String {
    if let path = error.trustedFile {
      return "Only the certificates in \(path) are trusted (AWS_CA_BUNDLE, else SSL_CERT_FILE); if"
        + " a proxy intercepts TLS, its certificate must be one of them"
    }
    return switch error.kind {
    case .tls where error.isUntrusted:
      "If a proxy intercepts TLS, set AWS_CA_BUNDLE to its certificate"
    case .proxy(407?): "Set the user and password of the proxy in HTTPS_PROXY"
    case .proxy: "Allow the host in the proxy, or exempt it with NO_PROXY"
    default: ""
    }
  }
}
