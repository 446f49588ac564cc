import Platform

/// The images of one invocation, several at a time, in the order of the event.
///
/// At most `maximumParallel` images, and at most as many bytes of them as fit in memory, are in flight at
/// once. Each image is admitted with the size in its event; one that turns out larger is admitted again.
final class ImageBatch {
  private var tasks: [ImageTask?]
  private let maximumParallel: Int
  private let budget: MemoryBudget
  private var outcomes: [ImageTask.Outcome?]
  /// Tasks that wait, the next one last.
  private var waiting: [Int]
  private var runningCount = 0
  private var usedBytes = 0
  private var isStarting = false

  init(_ tasks: [ImageTask], maximumParallel: Int, budget: MemoryBudget) {
    // A conversion of the whole array would cast each task at run time.
    self.tasks = tasks.map { $0 }
    self.maximumParallel = maximumParallel
    self.budget = budget
    outcomes = Array(repeating: nil, count: tasks.count)
    waiting = tasks.indices.reversed()
  }

  /// The outcome of every image, in the order of the event. `drive` performs the transfers until none
  /// is left.
  func run(drive: () -> Void) -> [ImageTask.Outcome] {
    startMore()
    drive()
    return outcomes.compactMap { $0 }
  }

  /// A task may end within its start; the loop, not the completion, then starts the next one, so
  /// that thousands of such tasks do not nest.
  private func startMore() {
    guard !isStarting else { return }
    isStarting = true
    while runningCount < maximumParallel, let index = waiting.last, let task = tasks[index] {
      let cost = task.memoryBytes
      // One alone is always admitted: what cannot fit is refused by the task.
      guard runningCount == 0 || usedBytes + cost <= budget.imageBytes else { break }
      waiting.removeLast()
      runningCount += 1
      usedBytes += cost
      task.start { progress in
        self.runningCount -= 1
        self.usedBytes -= cost
        switch progress {
        case .done(let outcome):
          self.outcomes[index] = outcome
          // Its bytes, those of an upload too, are of no more use.
          self.tasks[index] = nil
        case .needsMoreMemory: self.waiting.append(index)
        }
        self.startMore()
      }
    }
    isStarting = false
  }
}
