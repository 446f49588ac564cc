import LoopbackServer
import Testing

/// A fault of the Runtime API and its expected consequences.
struct Fault: Sendable, CustomTestStringConvertible {
  /// As in the table of docs/faults.md.
  let name: String
  /// The expected outcomes of the ten events, in the format of `TenEvents.outcomes`.
  let outcomes: String
  /// Nil when the process must keep running.
  var exitStatus: Int32?
  /// The expected log lines above INFO, as shortened by `FaultRun.essence`.
  var log: [String] = []
  /// How long the process retries, in seconds.
  var minimumSeconds: Double = 0
  /// Added to every response.
  var extraHeaders: [(String, String)] = []
  /// Environment variables of the process, given the server's address.
  var environment: [String: String] = [:]
  /// Runs for each `/next`; true means that it has been handled.
  var onNext: @Sendable (Call) throws -> Bool = { _ in false }
  /// Runs for each post and returns the status: nil for 202, 0 when it has been handled.
  var onPost: @Sendable (Call) throws -> Int? = { _ in nil }
  /// Called after the response to a post.
  var afterPost: @Sendable (Call) throws -> Void = { _ in }
  /// By default events of a removed object, which the handler reads and skips.
  var event: @Sendable (Int) -> [UInt8] = { _ in removal }

  var testDescription: String { name }

  static let removal = Array(
    #"{"Records":[{"eventName":"ObjectRemoved:Delete","s3":{"bucket":{"name":"b"},"object":{"key":"k"}}}]}"#
      .utf8)

  /// An event for which the handler fails.
  static let unknown = Array(#"{"x":1}"#.utf8)

  /// An ordinary third event for which the handler fails, so that it posts to `/error`.
  func withFailingThirdEvent() -> Fault {
    var copy = self
    copy.event = { $0 == 3 ? Self.unknown : Self.removal }
    return copy
  }
}

extension Call {
  /// Whether it is the first call for the third event.
  var isThird: Bool { number == 3 && time == 1 }
}
