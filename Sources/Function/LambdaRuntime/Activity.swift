import Synchronization

/// How many invocations are being worked on, over all loops of the process, and whether one of the
/// loops has begun to end it.
final class Activity: Sendable {
  private let count = Atomic<Int>(0)
  private let hasEnded = Atomic<Bool>(false)

  func begin() { count.add(1, ordering: .acquiringAndReleasing) }
  func end() { count.subtract(1, ordering: .acquiringAndReleasing) }
  /// True for the first who asks: it says why and ends the process.
  func claimEnd() -> Bool { !hasEnded.exchange(true, ordering: .acquiringAndReleasing) }
  var isIdle: Bool { count.load(ordering: .acquiring) == 0 }
}
