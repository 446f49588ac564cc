import Foundation
import Training

/// Ctrl-C, SIGTERM, or SIGHUP (the terminal was closed) during a command: the first one is only
/// recorded, so that the command can leave things in a safe state and report it; the second one ends
/// the program.
final class Interruption: @unchecked Sendable {
  private static let signals = [SIGINT, SIGTERM, SIGHUP]

  private let lock = NSLock()
  private var sources: [(number: Int32, source: any DispatchSourceSignal)] = []
  private var received: Int32?
  private var onFirst: @Sendable () -> Void = {}

  var isRequested: Bool { lock.withLock { received != nil } }

  /// The first signal that was received, for example SIGINT.
  var signalNumber: Int32? { lock.withLock { received } }

  /// From now on these signals are recorded. SIGHUP is not where it was ignored when the program began, as with
  /// `nohup`.
  ///
  /// - Parameter onFirst: called at the first one, on another thread.
  func arm(onFirst: @escaping @Sendable () -> Void) {
    lock.withLock {
      self.onFirst = onFirst
      guard sources.isEmpty else { return }
      // Concurrent, since a first signal may come before the last one is armed.
      let queue = DispatchQueue(label: "signals", attributes: .concurrent)
      for number in Self.signals where number != SIGHUP || !Self.ignoresHangUp() {
        let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
        source.setEventHandler { [weak self] in self?.request(number) }
        // Until then a signal ends the program. Were it ignored (SIG_IGN) it would be lost, also afterwards: on Linux
        // Dispatch installs a handler of its own.
        let isRegistered = DispatchSemaphore(value: 0)
        source.setRegistrationHandler { isRegistered.signal() }
        source.resume()
        isRegistered.wait()
        sources.append((number, source))
      }
    }
  }

  private func request(_ number: Int32) {
    let (isSecond, report) = lock.withLock {
      defer { received = received ?? number }
      return (received != nil, onFirst)
    }
    // A closed terminal may send SIGHUP and SIGTERM together: only a person's second Ctrl-C, or a
    // second SIGTERM, is a wish to end at once.
    guard isSecond else { return report() }
    if number == SIGHUP { return }
    ChildGroups.shared.killAll()
    exit(128 + number)
  }

  func disarm() {
    lock.withLock {
      for (number, source) in sources {
        source.cancel()
        signal(number, SIG_DFL)
      }
      sources = []
    }
  }

  private static func ignoresHangUp() -> Bool {
    var action = sigaction()
    guard sigaction(SIGHUP, nil, &action) == 0 else { return false }
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
