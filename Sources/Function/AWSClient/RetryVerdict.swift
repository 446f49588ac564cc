/// What a failure means for the caller: two questions, answered once, where the failure is recognized.
public struct RetryVerdict: Equatable, Sendable {
  /// How long to wait before a retry.
  public enum Pause: Equatable, Sendable {
    /// The trouble is expected to be over at once: from 50 ms.
    case transient
    /// The service asks for a lower rate: from 1 s.
    case throttling
  }

  /// Whether to try again within the call, and after which pause; nil when a retry cannot help.
  public var pause: Pause?
  /// Whether the same call may succeed minutes later: decides between `TemporaryFailure` and
  /// `PermanentFailure` for S3 Batch Operations.
  public var redeliveryCanHelp: Bool
  /// Such a failure is retried at most once a call: it may be caused by the request itself.
  public var isOnce = false
  /// A retry needs as much time as a whole attempt may take: the service may still be working on the
  /// first one, and a second one is queued behind it.
  public var needsFullAttempt = false
  /// A retry helps only with other credentials.
  public var needsOtherCredentials = false

  init(pause: Pause?, redeliveryCanHelp: Bool) {
    self.pause = pause
    self.redeliveryCanHelp = redeliveryCanHelp
  }

  /// A retry soon.
  public static let transient = RetryVerdict(pause: .transient, redeliveryCanHelp: true)
  /// A retry after a longer pause.
  public static let throttling = RetryVerdict(pause: .throttling, redeliveryCanHelp: true)
  /// No retry, neither now nor later.
  public static let permanent = RetryVerdict(pause: nil, redeliveryCanHelp: false)
  /// No retry within the call, but a redelivery may help.
  public static let laterOnly = RetryVerdict(pause: nil, redeliveryCanHelp: true)
  /// One retry.
  public static let once: RetryVerdict = {
    var verdict = transient
    verdict.isOnce = true
    return verdict
  }()
  /// A retry if there is time for a whole attempt.
  public static let withFullAttempt: RetryVerdict = {
    var verdict = transient
    verdict.needsFullAttempt = true
    return verdict
  }()
  /// One retry with other credentials.
  public static let withOtherCredentials: RetryVerdict = {
    var verdict = once
    verdict.needsOtherCredentials = true
    return verdict
  }()
}
