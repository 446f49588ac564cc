import AWSClient

extension AWSError {
  /// Whether a policy denies the call.
  package var isDenied: Bool { [.accessDenied, .accessDeniedException].contains(code) }

  /// Whether the caller's permissions, credentials, clock, network, or request rate are the reason,
  /// which says nothing about what was called.
  ///
  /// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/CommonErrors.html
  package var isCallersFault: Bool { isDenied || Self.callersCodes.contains(code) }

  private static let callersCodes: Set<AWSErrorCode> = Set(
    [
      "InvalidClientTokenId", "UnrecognizedClientException", "IncompleteSignature",
      "MissingAuthenticationToken", "InvalidToken", "RequestExpired", "RequestTimeTooSkewed",
      "NotAuthorized", "OptInRequired",
    ].map { AWSErrorCode(rawValue: $0) } + [
      .expiredToken, .expiredTokenException, .signatureDoesNotMatch, .invalidSignature,
      .missingCredentials, .throttling, .connection, .proxy, .tls,
    ])
}
