import AWSClient
import HTTPClient

/// What an operator's call tries again, and when. A person waits, so that more is tried than in the
/// function: eight tries with full jitter from 100 ms, at most 20 s apart, a minute and a half in all.
///
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
package struct RetryPolicy: Sendable {
  /// Tries of one call, the first included.
  package var maximumAttempts: Int
  /// The longest wait between two tries; also a longer `Retry-After` is cut to three times this.
  package var maximumPauseMilliseconds: Int64

  /// Eight tries unless said otherwise.
  package init(maximumAttempts: Int = 8, maximumPauseMilliseconds: Int64 = 20_000) {
    self.maximumAttempts = maximumAttempts
    self.maximumPauseMilliseconds = maximumPauseMilliseconds
  }

  /// Botocore's list (`data/_retry.json`), and Application Auto Scaling's `ConcurrentUpdateException`.
  private static let throttlingCodes: Set<String> = [
    "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
    "RequestThrottled", "TooManyRequestsException", "ProvisionedThroughputExceededException",
    "TransactionInProgressException", "RequestLimitExceeded", "BandwidthLimitExceeded", "SlowDown",
    "PriorRequestNotComplete", "EC2ThrottledException", "ConcurrentUpdateException",
  ]

  /// Whether AWS refused because of the rate alone: nothing was done, and later it may be.
  package static func isThrottling(_ error: AWSError) -> Bool {
    error.status == 429 || throttlingCodes.contains(error.code.rawValue)
  }

  /// Whether the trouble was the service's or the network's: it may have been done, or not.
  static func isTransient(_ error: AWSError) -> Bool {
    error.isTransient || [500, 502, 503, 504].contains(error.status)
  }

  /// How long to wait after a try, the first being 1.
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
