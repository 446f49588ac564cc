import Foundation

/// Ctrl-C during a command: the first one is only recorded, so that the command can report in which
/// state it leaves things; the second one ends the program.
final class Interruption: @unchecked Sendable {
  private let lock = NSLock()
  private var source: (any DispatchSourceSignal)?
  private var wasRequested = false
  private var onFirst: @Sendable () -> Void = {}

  var isRequested: Bool { lock.withLock { wasRequested } }

  /// From now on Ctrl-C is recorded.
  ///
  /// - Parameter onFirst: called at the first one, on another thread.
  func arm(onFirst: @escaping @Sendable () -> Void) {
    lock.withLock {
      self.onFirst = onFirst
      guard source == nil else { return }
      signal(SIGINT, SIG_IGN)
      let source = DispatchSource.makeSignalSource(
        signal: SIGINT, queue: DispatchQueue(label: "signals"))
      source.setEventHandler { [weak self] in self?.request() }
      source.resume()
      self.source = source
    }
  }

  private func request() {
    let (isSecond, report) = lock.withLock {
      defer { wasRequested = true }
      return (wasRequested, onFirst)
    }
    if isSecond { exit(128 + SIGINT) }
    report()
  }

  func disarm() {
    lock.withLock {
      guard let source else { return }
      source.cancel()
      signal(SIGINT, SIG_DFL)
      self.source = nil
    }
  }
}
