import SigV4

/// The refusal of a signature, with AWS's own code and message.
package struct SignatureError: Error, Sendable, Equatable, CustomStringConvertible {
  /// AWS's code, which differs by service: `SignatureDoesNotMatch` of S3 is
  /// `InvalidSignatureException` elsewhere.
  package let code: String
  /// The HTTP status to answer with.
  package let status: Int
  /// Contains no secret, token, or signature.
  package let message: String

  package var description: String { "\(code): \(message)" }
}

/// The reason for a refusal, independent of the service's error code.
enum SignatureRefusal: Error {
  case missingAuthentication
  case severalMechanisms
  case unsupportedAlgorithm
  case malformedHeader(String)
  case malformedQuery(String)
  case missingDate
  case wrongScopeDate(ReceivedSignature)
  case wrongRegion(ReceivedSignature, expected: String)
  case wrongService(ReceivedSignature, expected: String)
  case unsignedHeader(String)
  case unknownAccessKey
  case invalidToken
  case tooEarly(amzDate: String, now: SigningTime, latest: SigningTime)
  case tooLate(amzDate: String, now: SigningTime, earliest: SigningTime)
  case presignedExpired
  case presignedNotYetValid
  case missingPayloadHash
  case malformedPayloadHash
  case streamingPayload
  case signatureMismatch
  case payloadMismatch
}

extension SignatureRefusal {
  /// S3's own errors.
  ///
  /// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  var s3: SignatureError {
    switch self {
    case .missingAuthentication: .init("AccessDenied", 403, "Access Denied")
    case .severalMechanisms:
      .init(
        "InvalidArgument", 400,
        "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query"
          + " string parameter or the Authorization header should be specified")
    case .unsupportedAlgorithm:
      .init(
        "InvalidRequest", 400,
        "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
      )
    case .malformedHeader(let detail): .malformedS3Header(detail)
    case .malformedQuery(let detail):
      .init("AuthorizationQueryParametersError", 400, detail)
    case .missingDate:
      .init("AccessDenied", 403, "AWS authentication requires a valid Date or x-amz-date header")
    case .wrongScopeDate(let received):
      .malformedS3Scope(
        received,
        "Invalid credential date \"\(received.dateStamp)\". This date is not the same as X-Amz-Date:"
          + " \"\(received.time.dateStamp)\".")
    case .wrongRegion(let received, let expected):
      .malformedS3Scope(
        received, "the region '\(received.region)' is wrong; expecting '\(expected)'")
    case .wrongService(let received, let expected):
      .malformedS3Scope(
        received,
        "incorrect service \"\(received.service)\". This endpoint belongs to \"\(expected)\".")
    case .unsignedHeader(let name):
      .init(
        "AccessDenied", 403,
        "There were headers present in the request which were not signed: \(name)")
    case .unknownAccessKey:
      .init(
        "InvalidAccessKeyId", 403,
        "The AWS Access Key Id you provided does not exist in our records.")
    case .invalidToken:
      .init("InvalidToken", 400, "The provided token is malformed or otherwise invalid.")
    case .tooEarly, .tooLate:
      .init(
        "RequestTimeTooSkewed", 403,
        "The difference between the request time and the current time is too large.")
    case .presignedExpired: .init("AccessDenied", 403, "Request has expired")
    case .presignedNotYetValid: .init("AccessDenied", 403, "Request is not yet valid")
    case .missingPayloadHash:
      .init(
        "InvalidRequest", 400, "Missing required header for this request: x-amz-content-sha256")
    case .malformedPayloadHash:
      .init(
        "InvalidArgument", 400,
        "x-amz-content-sha256 must be UNSIGNED-PAYLOAD or a valid sha256 value.")
    case .streamingPayload:
      // S3's words for what it does not support.
      .init(
        "NotImplemented", 501,
        "A header you provided implies functionality that is not implemented: a streaming payload")
    case .signatureMismatch:
      .init(
        "SignatureDoesNotMatch", 403,
        "The request signature we calculated does not match the signature you provided. Check your"
          + " key and signing method.")
    case .payloadMismatch:
      .init(
        "XAmzContentSHA256Mismatch", 400,
        "The provided 'x-amz-content-sha256' header does not match what was computed.")
    }
  }

  /// The errors of services with a JSON protocol, such as SageMaker Runtime and Lambda.
  ///
  /// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html
  var standard: SignatureError {
    switch self {
    case .missingAuthentication:
      .init("MissingAuthenticationTokenException", 403, "Missing Authentication Token")
    case .severalMechanisms:
      .init(
        "IncompleteSignatureException", 400,
        "Only one of the Authorization header and the X-Amz-Algorithm query parameter is allowed.")
    case .unsupportedAlgorithm:
      .init("IncompleteSignatureException", 400, "Unsupported AWS 'algorithm'.")
    case .malformedHeader(let detail), .malformedQuery(let detail):
      .init("IncompleteSignatureException", 400, detail)
    case .missingDate:
      .init(
        "IncompleteSignatureException", 400,
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
    case .wrongScopeDate(let received):
      .invalidSignature(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP:"
          + " '\(received.dateStamp)' != '\(received.time.dateStamp)', from '\(received.amzDate)'.")
    case .wrongRegion(let received, let expected):
      .invalidSignature(
        "Credential should be scoped to a valid region, not '\(received.region)': expected"
          + " '\(expected)'.")
    case .wrongService(_, let expected):
      .invalidSignature("Credential should be scoped to correct service: '\(expected)'.")
    case .unsignedHeader(let name):
      .invalidSignature("'\(name)' must be a 'SignedHeader' in the AWS Authorization.")
    case .unknownAccessKey, .invalidToken:
      .init(
        "UnrecognizedClientException", 403,
        "The security token included in the request is invalid.")
    case .tooEarly(let amzDate, let now, let latest):
      .invalidSignature(
        "Signature not yet current: \(amzDate) is still later than \(latest.amzDate)"
          + " (\(now.amzDate) + 15 min.)")
    case .tooLate(let amzDate, let now, let earliest):
      .invalidSignature(
        "Signature expired: \(amzDate) is now earlier than \(earliest.amzDate)"
          + " (\(now.amzDate) - 15 min.)")
    case .presignedExpired: .invalidSignature("Signature expired: X-Amz-Expires has passed.")
    case .presignedNotYetValid:
      .invalidSignature("Signature not yet current: X-Amz-Date is in the future.")
    case .missingPayloadHash, .malformedPayloadHash, .streamingPayload, .payloadMismatch,
      .signatureMismatch:
      .invalidSignature(
        "The request signature we calculated does not match the signature you provided. Check your"
          + " AWS Secret Access Key and signing method. Consult the service documentation for"
          + " details.")
    }
  }
}

extension SignatureError {
  fileprivate init(_ code: String, _ status: Int, _ message: String) {
    self.init(code: code, status: status, message: message)
  }

  fileprivate static func malformedS3Header(_ detail: String) -> SignatureError {
    .init(
      "AuthorizationHeaderMalformed", 400, "The authorization header is malformed; \(detail)")
  }

  fileprivate static func malformedS3Scope(
    _ received: ReceivedSignature, _ detail: String
  ) -> SignatureError {
    guard received.expiresInSeconds != nil else { return malformedS3Header(detail) }
    return .init(
      "AuthorizationQueryParametersError", 400,
      "Error parsing the X-Amz-Credential parameter; \(detail)")
  }

  fileprivate static func invalidSignature(_ message: String) -> SignatureError {
    .init("InvalidSignatureException", 403, message)
  }
}
