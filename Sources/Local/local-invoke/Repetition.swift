import Foundation
import RuntimeEmulator

/// Replays an event many times with several concurrent callers, each of which sends the next event
/// as soon as it has a response.
final class Repetition: @unchecked Sendable {
  /// Above this number of repetitions, only failures are shown individually.
  static let largeCount = 10

  /// The result of a repetition.
  struct Outcome {
    let last: HostedInvocation?
    let failureCount: Int
    /// Human-readable lines.
    let summary: String
  }

  private let event: [UInt8]
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
  private var last: HostedInvocation?

  init(
    of event: [UInt8], _ options: LocalInvokeCommand, _ environments: EnvironmentPool,
    _ model: TimedModel?, _ interruption: Interruption, _ console: Console
  ) {
    self.event = event
    self.environments = environments
    self.interruption = interruption
    self.console = console
    count = options.count
    let isLarge = count > Self.largeCount
    printsLogs = !isLarge && options.concurrency > 1
    progress = isLarge ? ProgressBar(total: count, console) : nil
    self.model = options.concurrency == 1 ? model : nil
  }

  /// Replays the event and returns when all invocations have ended.
  func run(callers: Int) -> Outcome {
    let start = DispatchTime.now().uptimeNanoseconds
    let group = DispatchGroup()
    for _ in 0..<callers {
      group.enter()
      Thread {
        while self.begin() { self.invoke() }
        group.leave()
      }.start()
    }
    group.wait()
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    return lock.withLock {
      progress?.clear()
      return Outcome(
        last: last, failureCount: failureCount,
        summary: statistics.summary(
          failures: failureCount, environments: environments.startedCount, seconds: seconds))
    }
  }

  private func begin() -> Bool {
    lock.withLock {
      guard begunCount < count else { return false }
      begunCount += 1
      return true
    }
  }

  private func invoke() {
    let invocation = environments.invoke(InvocationRequest(event: event))
    interruption.checkpoint()
    let failed = Answer(invocation.outcome).exitStatus != 0
    lock.withLock {
      statistics.add(invocation, modelMilliseconds: model?.takeMilliseconds() ?? 0)
      if failed { failureCount += 1 }
      if printsLogs || (failed && progress != nil) {
        progress?.clear()
        console.relay(invocation.outcome.log ?? [])
      }
      doneCount += 1
      progress?.show(doneCount)
      last = invocation
    }
  }
}
