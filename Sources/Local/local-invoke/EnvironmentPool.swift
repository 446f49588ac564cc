import Foundation
import RuntimeEmulator

/// The execution environments of the function, each of which processes one event at a time.
///
/// As in Lambda, an event goes to the environment that became idle last. If none is idle, a new one
/// starts (a cold start), up to the limit; beyond that, events wait.
///
/// Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
final class EnvironmentPool: @unchecked Sendable {
  private let hosts: [FunctionHost]
  /// Guards the two properties below.
  private let condition = NSCondition()
  private var idle: [FunctionHost] = []
  private var unused: [FunctionHost]

  /// - Parameters:
  ///   - count: maximum number of environments; none is started yet.
  ///   - showsInvocations: whether logs are printed immediately.
  init(
    _ settings: FunctionHost.Settings, count: Int, showsInvocations: Bool, _ console: Console
  ) throws {
    hosts = try (0..<count).map { _ in
      let host = try FunctionHost(settings, console)
      host.showsInvocations = showsInvocations
      return host
    }
    unused = hosts
  }

  var startedCount: Int {
    condition.withLock { hosts.count - unused.count }
  }

  func invoke(_ request: InvocationRequest) -> HostedInvocation {
    let host = take()
    defer { giveBack(host) }
    return host.invoke(request)
  }

  /// Ends all environments. May be called from any thread, and twice.
  func stop() {
    hosts.forEach { $0.stop() }
  }

  private func take() -> FunctionHost {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if let host = idle.popLast() ?? unused.popLast() { return host }
      condition.wait()
    }
  }

  private func giveBack(_ host: FunctionHost) {
    condition.withLock {
      idle.append(host)
      condition.signal()
    }
  }
}
