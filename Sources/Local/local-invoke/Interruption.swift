import Foundation

/// Handles SIGINT, SIGTERM, and SIGHUP, so that the function's process does not survive this
/// program.
final class Interruption: @unchecked Sendable {
  private let sources: [any DispatchSourceSignal]
  private let arrived = DispatchSemaphore(value: 0)
  /// Guards the two properties below.
  private let lock = NSLock()
  private var isWaiting = false
  private var isEnding = false

  /// - Parameter cleanUp: called before the program exits with 128 + the signal number, unless
  ///   `wait` is active.
  init(cleanUp: @escaping @Sendable () -> Void) {
    let queue = DispatchQueue(label: "signals")
    sources = [SIGINT, SIGTERM, SIGHUP].map { number in
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: queue)
    }
    for (source, number) in zip(sources, [SIGINT, SIGTERM, SIGHUP]) {
      source.setEventHandler { [weak self] in
        guard let self else { return }
        if lock.withLock({ isWaiting }) {
          arrived.signal()
        } else {
          lock.withLock { isEnding = true }
          cleanUp()
          exit(128 + number)
        }
      }
      source.resume()
    }
  }

  /// Waits for a signal, which then does not exit the program.
  func wait() {
    lock.withLock { isWaiting = true }
    arrived.wait()
  }

  /// Blocks forever when a signal is about to exit the program, so that an interrupted result is
  /// not shown.
  func checkpoint() {
    while lock.withLock({ isEnding }) { Thread.sleep(forTimeInterval: 1) }
  }

  /// Stops handling signals.
  func end() {
    sources.forEach { $0.cancel() }
  }
}
