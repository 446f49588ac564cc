import Foundation
import RuntimeEmulator

/// Replays events many times with several concurrent callers, each of which sends the next event
/// as soon as it has a response. After a signal, it prints what it has measured so far.
final class Repetition: @unchecked Sendable {
  /// Above this number of repetitions, only failures are shown individually.
  static let largeCount = 10

  /// The result of a repetition.
  struct Outcome {
    let last: (invocation: HostedInvocation, event: [UInt8])?
    let failureCount: Int
    /// Human-readable lines.
    let summary: String
  }

  /// Sent in turn.
  private let events: [[UInt8]]
  private let count: Int
  private let environments: EnvironmentPool
  private let interruption: Interruption
  private let console: Console
  /// Nil when the model's time cannot be attributed to one invocation.
  private let model: TimedModel?
  /// Whether each log is printed as a whole when its invocation ends.
  private let printsLogs: Bool
  private let progress: ProgressBar?
  /// Guards everything below.
  private let lock = NSLock()
  private var begunCount = 0
  private var doneCount = 0
  private var failureCount = 0
  private var statistics = Statistics()
  private var last: (invocation: HostedInvocation, event: [UInt8])?
  private var startNanoseconds: UInt64 = 0

  /// - Parameter events: at least one; each is replayed `--repeat` times.
  init(
    of events: [[UInt8]], _ options: LocalInvokeCommand, _ environments: EnvironmentPool,
    _ model: TimedModel?, _ interruption: Interruption, _ console: Console
  ) {
    self.events = events
    self.environments = environments
    self.interruption = interruption
    self.console = console
    count = options.count * events.count
    let isLarge = count > Self.largeCount
    printsLogs = !isLarge && options.concurrency > 1
    progress = isLarge ? ProgressBar(total: count, console) : nil
    self.model = options.concurrency == 1 ? model : nil
  }

  /// Replays the event and returns when all invocations have ended.
  func run(callers: Int) -> Outcome {
    lock.withLock { startNanoseconds = DispatchTime.now().uptimeNanoseconds }
    interruption.beforeExit { self.showInterrupted() }
    defer { interruption.beforeExit(nil) }
    let group = DispatchGroup()
    for _ in 0..<callers {
      group.enter()
      Thread {
        while let event = self.begin() { self.invoke(event) }
        group.leave()
      }.start()
    }
    group.wait()
    return lock.withLock {
      progress?.clear()
      return Outcome(last: last, failureCount: failureCount, summary: summary)
    }
  }

  /// Of the invocations that have ended. Requires the lock.
  private var summary: String {
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - startNanoseconds) / 1e9
    return statistics.summary(
      failures: failureCount, environments: environments.startedCount, seconds: seconds)
  }

  private func showInterrupted() {
    let text = lock.withLock {
      progress?.clear()
      return doneCount == 0
        ? "Interrupted before the first invocation ended."
        : "Interrupted after \(doneCount) of \(count) invocations.\n\(summary)"
    }
    console.note(text)
  }

  private func begin() -> [UInt8]? {
    lock.withLock {
      guard begunCount < count else { return nil }
      begunCount += 1
      return events[(begunCount - 1) % events.count]
    }
  }

  private func invoke(_ event: [UInt8]) {
    let invocation = environments.invoke(InvocationRequest(event: event))
    interruption.checkpoint()
    let failed = Answer(invocation.outcome, to: event).exitStatus != 0
    lock.withLock {
      statistics.add(invocation, modelMilliseconds: model?.takeMilliseconds() ?? 0)
      if failed { failureCount += 1 }
      if printsLogs || (failed && progress != nil) {
        progress?.clear()
        console.relay(invocation.outcome.log ?? [])
      }
      doneCount += 1
      progress?.show(doneCount)
      last = (invocation, event)
    }
  }
}
