import Foundation

/// The real `bootstrap` executable as a child process with its own environment.
///
/// Started with posix_spawn instead of Foundation's Process, which detects the exit of a child
/// through a socket that other children inherit, so that parallel tests wait for each other.
package final class BootstrapProcess: @unchecked Sendable {
  package let processID: pid_t
  private let lines = Recorder<String>()
  private let ended = Box<(status: Int32, processorMilliseconds: Int)>()

  /// Starts the process with exactly this environment and collects its log.
  ///
  /// - Parameter breaksLog: whether every write to its standard error fails with EPIPE instead.
  package init(environment: [String: String], breaksLog: Bool = false) throws {
    // Close-on-exec from the start, which is not possible for a pipe in Swift's Glibc.
    var pipe: [Int32] = [0, 0]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &pipe) == 0 else { throw POSIXError(.EMFILE) }
    defer { close(pipe[1]) }
    let path = Repository.products.appendingPathComponent("bootstrap").path
    // A test program with a sanitizer starts a process with the same one.
    let sanitizers = ProcessInfo.processInfo.environment.filter { $0.key.hasSuffix("SAN_OPTIONS") }
    processID = try Self.spawn(
      path, environment: sanitizers.merging(environment) { $1 }, standardError: pipe[1])
    if breaksLog { shutdown(pipe[0], Int32(SHUT_RD)) }
    follow(pipe[0])
  }

  private static func spawn(
    _ path: String, environment: [String: String], standardError: Int32
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, standardError, 2)
    // Test threads block signals, which a child inherits.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(path), nil]
    var variables: [UnsafeMutablePointer<CChar>?] =
      environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (arguments + variables).forEach { free($0) } }
    var processID: pid_t = 0
    let code = posix_spawn(&processID, path, &actions, &attributes, &arguments, &variables)
    guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .ENOENT) }
    return processID
  }

  /// Reads the whole log before waiting for the exit, so that the log is complete after the exit.
  private func follow(_ descriptor: Int32) {
    let (processID, lines, ended) = (processID, lines, ended)
    Thread {
      // Not FileHandle's read, which blocks until the buffer is full.
      var part = [UInt8](repeating: 0, count: 65_536)
      var rest: [UInt8] = []
      while true {
        let count = read(descriptor, &part, part.count)
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { break }
        rest += part[..<count]
        while let end = rest.firstIndex(of: 10) {
          lines.add(String(decoding: rest[..<end], as: UTF8.self))
          rest.removeSubrange(...end)
        }
      }
      close(descriptor)
      var status: Int32 = 0
      var usage = rusage()
      while wait4(processID, &status, 0, &usage) < 0 && errno == EINTR {}
      let signal = status & 0x7F
      let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
      let microseconds = usage.ru_utime.tv_usec + usage.ru_stime.tv_usec
      ended.set(
        (
          signal == 0 ? status >> 8 & 0xFF : 128 + signal,
          Int(seconds) * 1000 + Int(microseconds) / 1000
        ))
    }.start()
  }

  /// The log lines so far.
  package var log: [String] { lines.all }

  /// Waits for the exit: the exit status, or 128 plus the signal number; nil when the process is
  /// still running after the limit.
  package func waitForExit(timeoutSeconds: Double = 60) -> Int32? {
    ended.wait(timeoutSeconds: timeoutSeconds)?.status
  }

  /// CPU time in seconds; nil until the process has exited.
  package var processorMilliseconds: Int? {
    ended.wait(timeoutSeconds: 0)?.processorMilliseconds
  }

  /// Sends a signal, unless the process has exited.
  package func signal(_ number: Int32) {
    if ended.wait(timeoutSeconds: 0) == nil { kill(processID, number) }
  }

  /// Kills the process, unless it has exited.
  package func stop() {
    signal(SIGKILL)
    _ = ended.wait()
  }
}
