import Foundation

/// Handles SIGINT, SIGTERM, and SIGHUP, so that the function's process does not survive this
/// program.
final class Interruption: @unchecked Sendable {
  private let sources: [any DispatchSourceSignal]
  private let arrived = DispatchSemaphore(value: 0)
  /// Guards the properties below.
  private let lock = NSLock()
  private var isWaiting = false
  private var isEnding = false
  private var lastWords: (@Sendable () -> Void)?

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
          let words = lock.withLock {
            isEnding = true
            return lastWords
          }
          words?()
          cleanUp()
          exit(128 + number)
        }
      }
      source.resume()
    }
  }

  /// Sets what is printed before a signal ends the program; nil for nothing.
  func beforeExit(_ words: (@Sendable () -> Void)?) {
    lock.withLock { lastWords = words }
  }

  /// Waits for a signal, which then does not exit the program.
  func wait() {
    lock.withLock { isWaiting = true }
    arrived.wait()
  }

  /// From now on, a signal does not exit the program but ends `wait`; `release` changes that back.
  func hold() {
    lock.withLock { isWaiting = true }
  }

  func release() {
    lock.withLock { isWaiting = false }
  }

  /// Waits for a signal for a limited time, after `hold`.
  /// - Returns: whether a signal came.
  func wait(seconds: Double) -> Bool {
    arrived.wait(timeout: .now() + seconds) == .success
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
