import Synchronization

/// How many invocations are being worked on, over all loops of the process.
final class Activity: Sendable {
  private let count = Atomic<Int>(0)

  func begin() { count.add(1, ordering: .acquiringAndReleasing) }
  func end() { count.subtract(1, ordering: .acquiringAndReleasing) }
  var isIdle: Bool { count.load(ordering: .acquiring) == 0 }
}
