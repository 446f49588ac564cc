/// The images of one invocation, several at a time, first come first served.
///
/// At most `maximumParallel` images are on their way, and so in memory, at once.
final class ImageBatch {
  private let tasks: [ImageTask]
  private let maximumParallel: Int
  private var outcomes: [ImageTask.Outcome?]
  private var startedCount = 0
  private var runningCount = 0
  private var isStarting = false

  init(_ tasks: [ImageTask], maximumParallel: Int) {
    self.tasks = tasks
    self.maximumParallel = maximumParallel
    outcomes = Array(repeating: nil, count: tasks.count)
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
    while runningCount < maximumParallel, startedCount < tasks.count {
      let index = startedCount
      startedCount += 1
      runningCount += 1
      tasks[index].start { outcome in
        self.outcomes[index] = outcome
        self.runningCount -= 1
        self.startMore()
      }
    }
    isStarting = false
  }
}
