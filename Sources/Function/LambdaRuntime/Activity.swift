import Synchronization

/// The number of invocations in progress in all loops of the process, and whether a loop has
/// started to end the process.
final class Activity: Sendable {
  private let count = Atomic<Int>(0)
  private let hasEnded = Atomic<Bool>(false)

  func begin() { count.add(1, ordering: .acquiringAndReleasing) }
  func end() { count.subtract(1, ordering: .acquiringAndReleasing) }
  /// True for the first caller, which logs the reason and ends the process.
  func claimEnd() -> Bool { !hasEnded.exchange(true, ordering: .acquiringAndReleasing) }
  var isIdle: Bool { count.load(ordering: .acquiring) == 0 }
}
