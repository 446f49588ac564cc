import Foundation
import RuntimeEmulator

/// How a process ended, in Lambda's wording.
enum ExitReason: Equatable, CustomStringConvertible {
  case status(Int32)
  case signal(Int32)

  init(waitStatus: Int32) {
    let signal = waitStatus & 0x7F
    self = signal == 0 ? .status((waitStatus >> 8) & 0xFF) : .signal(signal)
  }

  var description: String {
    switch self {
    case .status(0): "Runtime exited without providing a reason"
    case .status(let code): "Runtime exited with error: exit status \(code)"
    case .signal(let number):
      "Runtime exited with error: signal: \(String(cString: strsignal(number)).lowercased())"
    }
  }
}

/// The function's process. It runs in its own process group, is monitored, and is killed together
/// with its children.
final class FunctionProcess: @unchecked Sendable {
  /// The state of the process.
  enum Phase: Equatable {
    case initializing
    case ready(initMilliseconds: Double)
    case exited(ExitReason)
  }

  let identifier: pid_t
  let output: FunctionOutput
  private let startMicroseconds: Int64
  /// Guards everything below.
  private let condition = NSCondition()
  private var phase = Phase.initializing
  private var peakKilobytes = 0

  /// Starts the process with exactly this environment and without input. Standard output and
  /// standard error go to `output`.
  /// - Parameters:
  ///   - isStopped: stops the process at once, normally while its libraries are being loaded; a debugger, or SIGCONT,
  ///     lets it continue.
  ///   - onExit: called once, on a separate thread.
  init(
    executable: URL, environment: [String: String], output: FunctionOutput, isStopped: Bool = false,
    onExit: @escaping @Sendable (FunctionProcess, ExitReason) -> Void
  ) throws {
    self.output = output
    startMicroseconds = monotonicMicroseconds()
    identifier = try ProcessStart.spawn(
      [executable.path], environment: environment, outputDescriptor: output.writingEnd)
    if isStopped { _ = Glibc.kill(identifier, SIGSTOP) }
    output.beginReading()
    Thread { [self] in
      let reason = waitForExit()
      onExit(self, reason)
    }.start()
  }

  // MARK: Life

  /// Records that the process has requested its first event.
  func markReady() {
    condition.lock()
    if phase == .initializing {
      phase = .ready(initMilliseconds: Double(monotonicMicroseconds() - startMicroseconds) / 1000)
      samplePeakMemory()
    }
    condition.broadcast()
    condition.unlock()
  }

  /// Records an init error. The process is about to exit, so this is the last chance to read its
  /// memory usage.
  func markInitError() {
    condition.withLock { samplePeakMemory() }
  }

  /// Waits, up to a limit, until the process is ready or has exited. Returns its state.
  func waitWhileInitializing(seconds: Double) -> Phase {
    let limit = Date(timeIntervalSinceNow: seconds)
    condition.lock()
    defer { condition.unlock() }
    while phase == .initializing, condition.wait(until: limit) {}
    return phase
  }

  /// Nil while the process runs.
  var exitReason: ExitReason? {
    condition.lock()
    defer { condition.unlock() }
    return if case .exited(let reason) = phase { reason } else { nil }
  }

  /// Kills the process and its children, as Lambda ends an environment, and waits for the exit.
  func kill() {
    condition.lock()
    defer { condition.unlock() }
    samplePeakMemory()
    if !isOver { _ = Glibc.kill(-identifier, SIGKILL) }
    while !isOver { condition.wait() }
  }

  /// Peak memory in MB.
  func maximumMemoryMB() -> Int {
    condition.lock()
    defer { condition.unlock() }
    samplePeakMemory()
    return (peakKilobytes + 1023) / 1024
  }

  private var isOver: Bool {
    if case .exited = phase { true } else { false }
  }

  /// wait4's ru_maxrss is not usable: it includes this program's own memory, which is shared until
  /// exec.
  private func samplePeakMemory() {
    guard !isOver,
      let status = try? String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kilobytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
        .flatMap({ Int($0) })
    else { return }
    peakKilobytes = max(peakKilobytes, kilobytes)
  }

  private func waitForExit() -> ExitReason {
    var information = siginfo_t()
    // WNOWAIT keeps the process identifier reserved, so that kill() never hits another process.
    while waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) < 0 && errno == EINTR {}
    condition.lock()
    var status: Int32 = 0
    while waitpid(identifier, &status, 0) < 0 && errno == EINTR {}
    // Its children must not outlive it.
    _ = Glibc.kill(-identifier, SIGKILL)
    let reason = ExitReason(waitStatus: status)
    phase = .exited(reason)
    condition.broadcast()
    condition.unlock()
    return reason
  }
}
