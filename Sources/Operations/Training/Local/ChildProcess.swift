import Foundation

/// A program that runs in a process group of its own, so that nothing of it is left when it ends:
/// pip and train.py start processes themselves.
///
/// Started with posix_spawn, because Foundation's Process neither has a group that can be relied on
/// nor keeps its descriptors from the processes that are started meanwhile.
package final class ChildProcess {
  /// Where its output goes.
  package enum Output {
    /// This program's standard error: standard output belongs to the command's own result.
    case standardError
    /// A file, which is continued.
    case file(String)
    /// Two files, which are continued.
    case files(output: String, errors: String)
  }

  /// Milliseconds that a program gets to save its work after a signal.
  package static let graceMilliseconds: Int64 = 30_000

  package let processID: pid_t
  private var status: Int32?

  /// Starts a program, found through PATH.
  ///
  /// The kernel sends it SIGTERM when this process is killed, where util-linux's setpriv exists.
  ///
  /// - Throws: `TrainingError` when it cannot be started, with the reason.
  package init(
    _ command: LocalPython.Command, environment: [String: String],
    output: Output = .standardError
  ) throws(TrainingError) {
    guard !command.words.isEmpty else { throw TrainingError("there is no program to run") }
    let setpriv = "/usr/bin/setpriv"
    let words =
      FileManager.default.isExecutableFile(atPath: setpriv)
      ? [setpriv, "--pdeathsig", "TERM", "--"] + command.words : ["/usr/bin/env"] + command.words
    processID = try Self.spawn(words, environment, output, program: command.words[0])
    ChildGroups.shared.add(processID)
  }

  private static func spawn(
    _ words: [String], _ environment: [String: String], _ output: Output, program: String
  ) throws(TrainingError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    let flags = O_WRONLY | O_CREAT | O_APPEND
    switch output {
    case .standardError: posix_spawn_file_actions_adddup2(&actions, 2, 1)
    case .file(let path):
      posix_spawn_file_actions_addopen(&actions, 2, path, flags, 0o644)
      posix_spawn_file_actions_adddup2(&actions, 2, 1)
    case .files(let results, let errors):
      posix_spawn_file_actions_addopen(&actions, 1, results, flags, 0o644)
      posix_spawn_file_actions_addopen(&actions, 2, errors, flags, 0o644)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Signals that this process blocks or ignores, as a command in the background of a script does,
    // reach the program.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { sigaddset(&defaults, number) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] =
      environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (arguments + variables).forEach { free($0) } }
    var processID: pid_t = 0
    let code = posix_spawn(&processID, words[0], &actions, &attributes, &arguments, &variables)
    guard code == 0 else {
      throw TrainingError("\(program) could not be started: \(String(cString: strerror(code)))")
    }
    return processID
  }

  /// Whether it still runs. Once it has ended, what is left of its group is ended too.
  package var isRunning: Bool {
    guard status == nil else { return false }
    var code: Int32 = 0
    let result = waitpid(processID, &code, WNOHANG)
    if result == 0 || (result < 0 && errno == EINTR) { return true }
    let signal = code & 0x7F
    status = result < 0 ? 1 : signal == 0 ? code >> 8 & 0xFF : 128 + signal
    // They have no work to save: only the program itself has.
    kill(-processID, SIGKILL)
    ChildGroups.shared.remove(processID)
    return false
  }

  /// The exit status; 128 plus the signal's number when it was killed; nil while it runs.
  package var exitStatus: Int32? { isRunning ? nil : status }

  /// Sends a signal to the program alone, so that it can save its work and end its own processes.
  package func signal(_ number: Int32) {
    if status == nil { kill(processID, number) }
  }

  /// Kills the whole group.
  package func killGroup() {
    if status == nil { kill(-processID, SIGKILL) }
  }

  /// Waits for its end.
  ///
  /// - Parameters:
  ///   - interruption: asked ten times a second: the signal that this program got, if any. The
  ///     program gets it too, and is killed when it has not ended 30 s later.
  ///   - sleep: milliseconds.
  package func wait(
    interruption: () -> Int32?, sleep: (Int64) -> Void
  ) -> Int32 {
    while isRunning {
      if let number = interruption() {
        Self.end([self], with: number, sleep: sleep)
      } else {
        sleep(100)
      }
    }
    return status ?? 1
  }

  /// Sends a signal to several programs and waits until all have ended; those that have not 30 s
  /// later are killed.
  ///
  /// - Parameter sleep: milliseconds.
  package static func end(
    _ programs: [ChildProcess], with number: Int32, sleep: (Int64) -> Void
  ) {
    for program in programs { program.signal(number) }
    var waited: Int64 = 0
    while programs.contains(where: \.isRunning) {
      if waited >= graceMilliseconds { for program in programs { program.killGroup() } }
      sleep(100)
      waited += 100
    }
  }

  /// Runs a program to its end; see `wait`.
  ///
  /// - Returns: the exit status; 128 plus the signal's number when it was killed.
  /// - Throws: `TrainingError` when it cannot be started.
  package static func run(
    _ command: LocalPython.Command, environment: [String: String],
    output: Output = .standardError, interruption: () -> Int32?, sleep: (Int64) -> Void
  ) throws(TrainingError) -> Int32 {
    try ChildProcess(command, environment: environment, output: output)
      .wait(interruption: interruption, sleep: sleep)
  }

  /// Runs a program and collects the beginning of its standard output.
  ///
  /// - Returns: nil when it cannot be started, fails, or takes longer than a minute.
  package static func output(
    of command: LocalPython.Command, environment: [String: String], maximumBytes: Int = 1 << 20
  ) -> String? {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "inferencectl-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    let quiet = LocalPython.Command(
      [
        "/bin/sh", "-c", #"file=$1; shift; exec "$@" >"$file" 2>/dev/null"#, "sh", file.path,
      ] + command.words)
    guard let child = try? ChildProcess(quiet, environment: environment) else { return nil }
    let start = ContinuousClock.now
    while child.isRunning {
      if ContinuousClock.now - start > .seconds(60) { child.killGroup() }
      usleep(20_000)
    }
    guard child.exitStatus == 0, let data = try? Data(contentsOf: file) else { return nil }
    return String(decoding: data.prefix(maximumBytes), as: UTF8.self)
  }
}

/// The process groups that run now, for a program that must end at once.
package final class ChildGroups: @unchecked Sendable {
  package static let shared = ChildGroups()
  private let lock = NSLock()
  private var groups = Set<pid_t>()

  func add(_ group: pid_t) { lock.withLock { _ = groups.insert(group) } }
  func remove(_ group: pid_t) { lock.withLock { _ = groups.remove(group) } }

  /// Kills them all.
  package func killAll() {
    lock.withLock { for group in groups { kill(-group, SIGKILL) } }
  }
}
