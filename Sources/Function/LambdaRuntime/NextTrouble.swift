import HTTPClient
import Platform

/// Why a `/invocation/next` brought no invocation, as far as asking again may help.
enum NextTrouble {
  /// No complete response came.
  case failed(HTTPError)
  /// A 4xx.
  case refused(status: Int)
  /// An event without a request id, to which no answer can be posted.
  case unanswerable
  /// An event that did not come whole, for which an error is posted: Lambda waits for it, and else
  /// refuses the next `/invocation/next` or waits until the event's time is over.
  case broken(Invocation, HTTPError)

  /// Whether somebody was there.
  var hadConnection: Bool {
    guard case .failed(let error) = self else { return true }  // an answer came
    return error.kind == .connectionLost || error.kind == .incompleteBody
  }

  /// Each trouble is logged when it begins, and each lost event by itself.
  ///
  /// - Parameter last: what was logged before, since the last invocation.
  func logFirst(_ log: Log, isFirst: Bool, last: inout Announcement?) {
    switch self {
    case .unanswerable:
      log.error("the Runtime API sent an event without a request id; it cannot be answered")
    case .broken: break  // Its error has been logged.
    case .refused(let status):
      guard last != .refused(status: status) else { return }
      last = .refused(status: status)
      log.error(
        "the Runtime API answered \(status) to /invocation/next; trying again for "
          + "\(Patience.milliseconds / 1000) s, then exit 1")
    case .failed(let error) where isFirst && error.kind == .connectionLost:
      // An idle connection that has gone is everyday life after a thaw, and nothing is lost.
      log.debug("/invocation/next failed: \(error.message); connecting again")
    case .failed(let error):
      guard last != .failed else { return }
      last = .failed
      log.warn("/invocation/next failed: \(error.message); trying again")
    }
  }

  /// What need not be logged again as long as it lasts.
  enum Announcement: Equatable {
    case refused(status: Int)
    case failed
  }

  /// The end of the process, unless it has been announced.
  func logLast(_ log: Log) {
    switch self {
    case .unanswerable: log.fatal("events without a request id keep coming; giving up")
    case .broken: log.fatal("events that end too early keep coming; giving up")
    case .refused: break
    case .failed(let error): log.fatal("/invocation/next failed: \(error.message); giving up")
    }
  }
}

/// How long the loop keeps on asking a Runtime API that brings no invocation: seven more times within
/// two seconds, the first at once.
struct Patience {
  /// The pauses together.
  static let milliseconds: Int64 = 2_000
  private static let pausesMilliseconds: [Int64] = [0, 50, 100, 200, 400, 600, 650]
  private let clock: Clock
  private var failures = 0
  /// The trouble that was logged last.
  var announcement: NextTrouble.Announcement?
  private var firstFailureMilliseconds: Int64 = 0

  init(clock: Clock) {
    self.clock = clock
  }

  /// Whether nothing has failed yet.
  var isFresh: Bool { failures == 0 }

  /// Pauses before the next try; false when there is none left, or when tries that take long by
  /// themselves have used up the time.
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
