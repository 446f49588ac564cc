import Foundation

/// Ctrl-C and its relatives: the function's process must not survive this program.
final class Interruption: @unchecked Sendable {
  private let sources: [any DispatchSourceSignal]
  private let arrived = DispatchSemaphore(value: 0)
  /// Guards `isWaiting`.
  private let lock = NSLock()
  private var isWaiting = false

  /// - Parameter cleanUp: called before the program ends with 128 + the signal's number, unless somebody waits for the signal.
  init(cleanUp: @escaping @Sendable () -> Void) {
    let queue = DispatchQueue(label: "signals")
    sources = [SIGINT, SIGTERM, SIGHUP].map { number in
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: queue)
    }
    for (source, number) in zip(sources, [SIGINT, SIGTERM, SIGHUP]) {
      source.setEventHandler { [weak self] in
        if let self, lock.withLock({ isWaiting }) {
          arrived.signal()
        } else {
          cleanUp()
          exit(128 + number)
        }
      }
      source.resume()
    }
  }

  /// Waits for a signal, which then does not end the program.
  func wait() {
    lock.withLock { isWaiting = true }
    arrived.wait()
  }

  /// Signals have no effect any more.
  func end() {
    sources.forEach { $0.cancel() }
  }
}
