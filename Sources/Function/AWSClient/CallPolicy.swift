import HTTPClient
import Platform

/// How a call behaves when it fails or takes long; the rules of what is retried are `RetryRules` and
/// `AWSService.rule`.
public struct CallPolicy: Sendable {
  /// Attempts of one call, the first included.
  public var maximumAttempts: Int
  /// The pause before a retry is a random part of this, doubled for each further retry, in
  /// milliseconds.
  public var transientBaseMilliseconds: Int64
  /// The same for throttling.
  public var throttlingBaseMilliseconds: Int64 = 1_000
  /// The longest pause that is not asked for by the service.
  public var maximumPauseMilliseconds: Int64 = 20_000
  /// The longest `Retry-After` that is waited for, in milliseconds; nil ignores the header, as the SDKs do.
  public var maximumRetryAfterMilliseconds: Int64?

  /// The SDKs' standard mode.
  public static func function(maximumAttempts: Int) -> CallPolicy {
    CallPolicy(maximumAttempts: maximumAttempts, transientBaseMilliseconds: 50)
  }

  /// A person waits for the result, so that more is tried: eight attempts within a minute and a half.
  public static func operatorsTool(maximumAttempts: Int = 8) -> CallPolicy {
    CallPolicy(
      maximumAttempts: maximumAttempts, transientBaseMilliseconds: 100,
      maximumRetryAfterMilliseconds: 60_000)
  }

  /// The pause before a retry, in milliseconds.
  ///
  /// `x-amz-retry-after` raises it by at most 5 s.
  /// - Parameter attempts: made so far, 1 or more.
  func pauseMilliseconds(
    _ kind: RetryVerdict.Pause, attempts: Int, headers: HTTPHeaders?
  ) -> Int64 {
    let base = kind == .throttling ? throttlingBaseMilliseconds : transientBaseMilliseconds
    let ceiling = min(maximumPauseMilliseconds, base << Int64(min(attempts - 1, 20)))
    let pause = Int64.random(in: 0...max(0, ceiling))
    guard let headers else { return pause }
    if let hint = headers["x-amz-retry-after"].flatMap({ Int64($0) }), hint >= 0 {
      return min(max(hint, pause), pause + 5_000)
    }
    if let limit = maximumRetryAfterMilliseconds,
      let seconds = headers["retry-after"].flatMap({ Int64($0) }), (0...86_400).contains(seconds)
    {
      return max(pause, min(seconds * 1_000, limit))
    }
    return pause
  }
}

/// How long the parts of one attempt may take.
public struct TimeLimits: Sendable, Equatable {
  /// The whole attempt, in milliseconds; nil lets it take until the deadline.
  public var attemptMilliseconds: Int64?
  /// From when the request is sent until the first byte of the response, for the first attempt; later
  /// ones get twice that. Nil for no limit.
  public var firstByteMilliseconds: Int64?
  /// Without any byte for this long, after the first one, the attempt is given up; nil for no limit.
  public var stallMilliseconds: Int64?

  /// Limits; none unless given.
  public init(
    attemptMilliseconds: Int64? = nil, firstByteMilliseconds: Int64? = nil,
    stallMilliseconds: Int64? = nil
  ) {
    self.attemptMilliseconds = attemptMilliseconds
    self.firstByteMilliseconds = firstByteMilliseconds
    self.stallMilliseconds = stallMilliseconds
  }

  func firstByteMilliseconds(ofAttempt attempt: Int) -> Int64? {
    firstByteMilliseconds.map { attempt == 1 ? $0 : $0.clampedMultiplied(by: 2) }
  }
}
