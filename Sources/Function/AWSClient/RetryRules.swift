/// The AWS SDKs' standard mode of November 2026, in which every service is judged unless its own
/// `AWSService.rule` knows better. `.ci/checks/retry-rules.sh` compares it with botocore.
/// See https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
enum RetryRules {
  /// Botocore's list (`retries/standard.py`); at any status.
  private static let throttlingCodes: Set<String> = [
    "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
    "RequestThrottled", "TooManyRequestsException", "ProvisionedThroughputExceededException",
    "TransactionInProgressException", "RequestLimitExceeded", "BandwidthLimitExceeded",
    "LimitExceededException", "SlowDown", "PriorRequestNotComplete", "EC2ThrottledException",
  ]
  private static let transientCodes: Set<String> = ["RequestTimeout", "RequestTimeoutException"]
  private static let expiredCodes: Set<String> = [
    "ExpiredToken", "ExpiredTokenException", "InvalidToken", "TokenRefreshRequired",
  ]

  /// The verdict on a response with this code, where AWS gave one, and status.
  static func verdict(code: String, status: Int) -> RetryVerdict {
    if throttlingCodes.contains(code) || status == 429 { return .throttling }
    if transientCodes.contains(code) || [500, 502, 503, 504].contains(status) { return .transient }
    if expiredCodes.contains(code) { return .withOtherCredentials }
    // The caller's clock is off, or the process was frozen between signing and sending.
    if code == "RequestTimeTooSkewed" { return .once }
    return status >= 500 ? .laterOnly : .permanent
  }
}
