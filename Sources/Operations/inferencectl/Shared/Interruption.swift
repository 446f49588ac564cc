import Foundation
import Training

/// Ctrl-C during a command: the first one is only recorded, so that the command can report in which
/// state it leaves things; the second one ends the program.
final class Interruption: @unchecked Sendable {
  private let lock = NSLock()
  private var sources: [Int32: any DispatchSourceSignal] = [:]
  private var received: Int32?
  private var onFirst: @Sendable () -> Void = {}

  var isRequested: Bool { lock.withLock { received != nil } }

  /// The first signal that was received, for example SIGINT.
  var signalNumber: Int32? { lock.withLock { received } }

  /// From now on these signals are recorded.
  ///
  /// - Parameters:
  ///   - signals: also SIGTERM where child processes have to be ended first.
  ///   - onFirst: called at the first one, on another thread.
  func arm(_ signals: [Int32] = [SIGINT], onFirst: @escaping @Sendable () -> Void) {
    lock.withLock {
      self.onFirst = onFirst
      for number in signals where sources[number] == nil {
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(
          signal: number, queue: DispatchQueue(label: "signals"))
        source.setEventHandler { [weak self] in self?.request(number) }
        source.resume()
        sources[number] = source
      }
    }
  }

  private func request(_ number: Int32) {
    let (isSecond, report) = lock.withLock {
      defer { received = received ?? number }
      return (received != nil, onFirst)
    }
    guard isSecond else { return report() }
    ChildGroups.shared.killAll()
    exit(128 + number)
  }

  func disarm() {
    lock.withLock {
      for (number, source) in sources {
        source.cancel()
        signal(number, SIG_DFL)
      }
      sources.removeAll()
    }
  }
}
