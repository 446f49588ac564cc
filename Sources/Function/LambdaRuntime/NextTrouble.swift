import Platform

/// A `/invocation/next` call without an invocation that may succeed when repeated.
enum NextTrouble {
  /// No complete response was received.
  case failed(RuntimeAPIError)
  /// Status 4xx.
  case refused(status: Int)
  /// An event without a request ID, for which no response can be posted.
  case unanswerable
  /// An incomplete event, for which an error is posted. Without it, Lambda refuses the next
  /// `/invocation/next` or waits until the event times out.
  case broken(Invocation, RuntimeAPIError)

  /// Whether the call reached the Runtime API.
  var hadConnection: Bool {
    guard case .failed(let error) = self else { return true }  // a response was received
    return error.kind == .connectionLost || error.kind == .incompleteResponse
  }

  /// Logs a failure once, when it begins, and every lost event.
  ///
  /// - Parameter last: the last failure that was logged since the last invocation.
  func logFirst(_ log: Log, isFirst: Bool, last: inout Announcement?) {
    switch self {
    case .unanswerable:
      log.error("the Runtime API sent an event without a request id; it cannot be answered")
    case .broken: break  // Its error has been logged.
    case .refused(let status):
      guard last != .refused(status: status) else { return }
      last = .refused(status: status)
      log.error(
        "the Runtime API returned \(status) for /invocation/next; retrying for "
          + "\(Patience.milliseconds / 1000) s, then exiting with status 1")
    case .failed(let error) where isFirst && error.kind == .connectionLost:
      // After a thaw an idle connection is often gone. That is normal, and nothing is lost.
      log.debug("/invocation/next failed: \(error.message); reconnecting")
    case .failed(let error):
      guard last != .failed else { return }
      last = .failed
      log.warn("/invocation/next failed: \(error.message); retrying")
    }
  }

  /// A failure that is logged only once while it lasts.
  enum Announcement: Equatable {
    case refused(status: Int)
    case failed
  }

  /// Logs the end of the process, unless it has been announced.
  func logLast(_ log: Log) {
    switch self {
    case .unanswerable: log.fatal("events without a request id keep arriving; giving up")
    case .broken: log.fatal("incomplete events keep arriving; giving up")
    case .refused: break
    case .failed(let error): log.fatal("/invocation/next failed: \(error.message); giving up")
    }
  }
}

/// The retry schedule for a Runtime API that returns no invocation: seven more attempts within two
/// seconds, the first one immediately.
struct Patience {
  /// The sum of the pauses.
  static let milliseconds: Int64 = 2_000
  private static let pausesMilliseconds: [Int64] = [0, 50, 100, 200, 400, 600, 650]
  private let clock: Clock
  private var failures = 0
  /// The failure that was logged last.
  var announcement: NextTrouble.Announcement?
  private var firstFailureMilliseconds: Int64 = 0

  init(clock: Clock) {
    self.clock = clock
  }

  var isFresh: Bool { failures == 0 }

  /// Pauses before the next attempt. False when no attempt is left, or when slow attempts have used
  /// up the time.
  mutating func wait() -> Bool {
    let now = clock.monotonicMilliseconds()
    if failures == 0 { firstFailureMilliseconds = now }
    guard failures < Self.pausesMilliseconds.count,
      now - firstFailureMilliseconds < Self.milliseconds
    else { return false }
    clock.sleep(Self.pausesMilliseconds[failures])
    failures += 1
    return true
  }
}
