import Foundation

/// Ctrl-C during a command: the first one is only recorded, so that the command can report in which
/// state it leaves things; the second one ends the program.
final class Interruption: @unchecked Sendable {
  private let lock = NSLock()
  private var source: (any DispatchSourceSignal)?
  private var wasRequested = false

  var isRequested: Bool { lock.withLock { wasRequested } }

  /// From now on Ctrl-C is recorded.
  func arm() {
    lock.withLock {
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
    let isSecond = lock.withLock {
      defer { wasRequested = true }
      return wasRequested
    }
    if isSecond { exit(128 + SIGINT) }
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
