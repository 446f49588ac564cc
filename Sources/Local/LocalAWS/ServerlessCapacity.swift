import Foundation
import LoopbackServer

/// The number of requests of a serverless endpoint, and how they were served.
package struct ServerlessStatistics: Sendable, Equatable {
  package var requestCount = 0
  package var coldStartCount = 0
  package var throttledCount = 0
}

/// The execution environments of a serverless endpoint: each serves one request at a time; one that
/// is warm and idle is used before another is started.
///
/// Environments stay warm until the end of the run. SageMaker stops them after an idle time that
/// AWS does not publish.
final class ServerlessCapacity: Sendable {
  private struct State {
    var idleCount: Int
    var busyCount = 0
    var statistics = ServerlessStatistics()
  }

  private enum Start { case warm, cold, throttled }

  private let endpoint: ServerlessEndpoint
  private let state: Locked<State>

  init(_ endpoint: ServerlessEndpoint) {
    self.endpoint = endpoint
    state = Locked(State(idleCount: endpoint.provisionedConcurrency))
  }

  var statistics: ServerlessStatistics { state.withLock { $0.statistics } }

  /// Runs a request in an environment, after its cold start if it is new.
  func run<Value>(
    _ request: () throws(SageMakerError) -> Value
  ) throws(SageMakerError) -> Value {
    switch begin() {
    case .throttled: throw .throttled
    case .cold: Thread.sleep(forTimeInterval: Double(endpoint.coldStartMilliseconds) / 1000)
    case .warm: break
    }
    defer { end() }
    return try request()
  }

  private func begin() -> Start {
    state.withLock { state in
      state.statistics.requestCount += 1
      guard state.busyCount < endpoint.maximumConcurrency else {
        state.statistics.throttledCount += 1
        return .throttled
      }
      state.busyCount += 1
      if state.idleCount > 0 {
        state.idleCount -= 1
        return .warm
      }
      state.statistics.coldStartCount += 1
      return .cold
    }
  }

  private func end() {
    state.withLock { state in
      state.busyCount -= 1
      state.idleCount += 1
    }
  }
}
