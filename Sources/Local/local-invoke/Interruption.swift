import Foundation

/// Ctrl-C and its relatives: the function's process must not survive this program.
final class Interruption: @unchecked Sendable {
  private let sources: [any DispatchSourceSignal]
  private let arrived = DispatchSemaphore(value: 0)
  /// Guards the two below.
  private let lock = NSLock()
  private var isWaiting = false
  private var isEnding = false

  /// - Parameter cleanUp: called before the program ends with 128 + the signal's number, unless
  ///   somebody waits for the signal.
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

  /// Waits for a signal, which then does not end the program.
  func wait() {
    lock.withLock { isWaiting = true }
    arrived.wait()
  }

  /// Stays here for good when a signal is about to end the program: what was just cut off is no
  /// result to show.
  func checkpoint() {
    while lock.withLock({ isEnding }) { Thread.sleep(forTimeInterval: 1) }
  }

  /// Signals have no effect any more.
  func end() {
    sources.forEach { $0.cancel() }
  }
}
