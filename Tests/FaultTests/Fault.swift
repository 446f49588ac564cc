import LoopbackServer
import Testing

/// One way in which the Runtime API misbehaves, and what must come of it.
struct Fault: Sendable, CustomTestStringConvertible {
  /// As it stands in the table of docs/faults.md.
  let name: String
  /// What must have happened to the ten events, as `TenEvents.outcomes` words it.
  let outcomes: String
  /// The exit status; nil when the process must go on.
  var exitStatus: Int32?
  /// What must have been logged above INFO: level and message, as `FaultRun.essence` cuts them.
  var log: [String] = []
  /// How long the process goes on trying, in seconds.
  var minimumSeconds: Double = 0
  /// Added to every answer.
  var extraHeaders: [(String, String)] = []
  /// Added to the process's environment, once the server's address is known.
  var environment: [String: String] = [:]
  /// Sees each `/next`; true: it is dealt with.
  var onNext: @Sendable (Call) throws -> Bool = { _ in false }
  /// Sees each post; the status to answer with, nil for 202, 0 when it is dealt with.
  var onPost: @Sendable (Call) throws -> Int? = { _ in nil }
  /// Called when a post has been answered.
  var afterPost: @Sendable (Call) throws -> Void = { _ in }
  /// The events: by default of a removed object, which the handler reads and skips.
  var event: @Sendable (Int) -> [UInt8] = { _ in removal }

  var testDescription: String { name }

  static let removal = Array(
    #"{"Records":[{"eventName":"ObjectRemoved:Delete","s3":{"bucket":{"name":"b"},"object":{"key":"k"}}}]}"#
      .utf8)

  /// An event that the handler fails with.
  static let unknown = Array(#"{"x":1}"#.utf8)

  /// An ordinary third event whose handling fails, so that the post goes to `/error`.
  func withFailingThirdEvent() -> Fault {
    var copy = self
    copy.event = { $0 == 3 ? Self.unknown : Self.removal }
    return copy
  }
}

extension Call {
  /// Whether it is about the third event, and its first call.
  var isThird: Bool { number == 3 && time == 1 }
}
