import AWSClient
import HTTPClient

/// Which calls of an operator are retried, and when. An operator can wait longer than the function:
/// eight attempts with full jitter from 100 ms, at most 20 s apart, a minute and a half in all.
///
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
package struct RetryPolicy: Sendable {
  /// Attempts of one call, the first included.
  package var maximumAttempts: Int
  /// The longest wait between two attempts; a longer `Retry-After` is cut to three times this.
  package var maximumPauseMilliseconds: Int64

  package init(maximumAttempts: Int = 8, maximumPauseMilliseconds: Int64 = 20_000) {
    self.maximumAttempts = maximumAttempts
    self.maximumPauseMilliseconds = maximumPauseMilliseconds
  }

  /// Botocore's list (`data/_retry.json`), and Application Auto Scaling's
  /// `ConcurrentUpdateException`.
  private static let throttlingCodes: Set<String> = [
    "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
    "RequestThrottled", "TooManyRequestsException", "ProvisionedThroughputExceededException",
    "TransactionInProgressException", "RequestLimitExceeded", "BandwidthLimitExceeded", "SlowDown",
    "PriorRequestNotComplete", "EC2ThrottledException", "ConcurrentUpdateException",
  ]

  /// Whether AWS throttled the call: nothing was done, and a later attempt may succeed.
  package static func isThrottling(_ error: AWSError) -> Bool {
    error.status == 429 || throttlingCodes.contains(error.code.rawValue)
  }

  /// Whether the service or the network failed: the call may or may not have had its effect.
  static func isTransient(_ error: AWSError) -> Bool {
    error.isTransient || [500, 502, 503, 504].contains(error.status)
  }

  /// The wait after an attempt, the first being 1.
  func pauseMilliseconds(afterAttempt attempt: Int, _ headers: HTTPHeaders?) -> Int64 {
    if let asked = Self.retryAfterMilliseconds(headers) {
      return min(asked, 3 * maximumPauseMilliseconds)
    }
    let ceiling = min(maximumPauseMilliseconds, Int64(100) << min(attempt - 1, 10))
    return Int64.random(in: 0...ceiling)
  }

  /// `x-amz-retry-after` in milliseconds, `Retry-After` in seconds.
  private static func retryAfterMilliseconds(_ headers: HTTPHeaders?) -> Int64? {
    if let text = headers?["x-amz-retry-after"], let value = Int64(text), value >= 0 {
      return value
    }
    guard let text = headers?["retry-after"], let seconds = Int64(text),
      (0...86_400).contains(seconds)
    else { return nil }
    return seconds * 1000
  }
}
