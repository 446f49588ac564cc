import Foundation
import TestSupport
import Testing
import Training

/// The program as a process of its own, with a Python that only pretends to train.
@Suite struct TerminationTests {
  /// Answers the probe, then starts a process and waits for a signal, as train.py with its loaders.
  /// It saves its work when as many as TRIALS have got the signal.
  private static let python = """
    #!/bin/sh
    case "$*" in *importlib*) echo '{"virtual":false,"problem":null,"weights":true,"torch":"2"}'; exit ;; esac
    folder=$(dirname "$0")
    end() {
      : >"$folder/asked-$$"
      while [ "$(ls "$folder" | grep -c '^asked-')" -lt "${TRIALS:-1}" ]; do sleep 0.05; done
      : >"$folder/saved-$$"
      exit 143
    }
    trap end TERM INT
    sleep 1000 &
    echo "$$ $!" >"$folder/new-$$" && mv "$folder/new-$$" "$folder/pids-$$"
    wait
    """

  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    UUID().uuidString)

  /// - Parameters:
  ///   - findsPython: whether the program searches the interpreter; else it is an option.
  ///   - variables: of its environment, besides those of the test.
  ///   - through: a program that becomes it, with its arguments.
  private func start(
    _ command: [String], findsPython: Bool = false, variables: [String: String] = [:],
    through: [String] = []
  ) throws -> ChildProcess {
    let manager = FileManager.default
    for name in ["cat", "dog"].flatMap({ name in (1...3).map { "data/\(name)/\($0).jpg" } }) {
      let url = folder.appendingPathComponent(name)
      try manager.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      // Touched files would be another search.
      if !manager.fileExists(atPath: url.path) { try Data("x".utf8).write(to: url) }
    }
    let python = folder.appendingPathComponent("python3")
    try writeExecutable(Self.python, to: python.path)
    return try ChildProcess(
      .init(
        through + [Repository.products.appendingPathComponent("inferencectl").path] + command + [
          "--data", folder.appendingPathComponent("data").path,
          "--output-dir", folder.appendingPathComponent("out").path,
        ] + (findsPython ? [] : ["--python", python.path])),
      environment: ProcessInfo.processInfo.environment.merging(variables) { $1 },
      output: .file(folder.appendingPathComponent("errors").path))
  }

  private func files(_ prefix: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasPrefix(prefix) }
  }

  /// The processes of the trainings that have started: the pretended Python and what it started.
  private func started() -> [pid_t] {
    files("pids-").flatMap { name in
      ((try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)) ?? "")
        .split(whereSeparator: \.isWhitespace).compactMap { pid_t($0) }
    }
  }

  private func isAlive(_ processID: pid_t) -> Bool {
    guard let text = try? String(contentsOfFile: "/proc/\(processID)/stat", encoding: .utf8),
      let state = text.split(separator: ")").last?.split(separator: " ").first
    else { return false }
    return state != "Z"
  }

  private func clean() { try? FileManager.default.removeItem(at: folder) }

  @Test(arguments: [SIGTERM, SIGINT])
  func signalToTrainLocalLeavesNoProcess(number: Int32) throws {
    defer { clean() }
    let program = try start(["train", "local"])
    #expect(waitUntil { started().count == 2 })
    program.signal(number)
    #expect(waitUntil { !program.isRunning })
    #expect(program.exitStatus == 1)
    #expect(waitUntil { !started().contains(where: isAlive) })
    // The training was asked, not killed.
    #expect(files("saved-").count == 1)
    let errors = try String(
      contentsOf: folder.appendingPathComponent("errors"), encoding: .utf8)
    #expect(errors.contains("Error: Interrupted"))
  }

  /// Of the signals that the process ignores.
  private func ignores(_ number: Int32, _ processID: pid_t) throws -> Bool {
    let status = try String(contentsOfFile: "/proc/\(processID)/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("SigIgn:") })
    let mask = try #require(
      UInt64(line.dropFirst("SigIgn:".count).drop(while: \.isWhitespace), radix: 16))
    return mask & (1 << UInt64(number - 1)) != 0
  }

  @Test func closedTerminalDoesNotEndWhatNohupStarted() throws {
    defer { clean() }
    let program = try start(
      ["train", "local"], through: ["/bin/sh", "-c", "trap '' HUP; exec \"$0\" \"$@\""])
    #expect(waitUntil { started().count == 2 })
    #expect(try ignores(SIGHUP, program.processID))
    program.signal(SIGHUP)
    program.signal(SIGTERM)
    #expect(waitUntil { !program.isRunning })
    // Were the first one recorded, the other would end it at once with 143.
    #expect(program.exitStatus == 1)
    #expect(files("saved-").count == 1)
  }

  @Test func signalToASearchEndsAllOfItsTrials() throws {
    defer { clean() }
    let program = try start(
      ["tune", "local", "--trials", "3", "--parallel", "3", "--epochs", "2"],
      variables: ["TRIALS": "3"])
    #expect(waitUntil { started().count == 6 })
    program.signal(SIGTERM)
    #expect(waitUntil { !program.isRunning })
    #expect(program.exitStatus == 1)
    #expect(waitUntil { !started().contains(where: isAlive) })
    // All were asked at once: one after the other, the first would have waited for the last.
    #expect(files("saved-").count == 3)
  }

  @Test func interpreterThatIsReadyNeedsNoFolderForAnEnvironment() throws {
    defer { clean() }
    let file = try TemporaryFile("")
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let program = try start(
      ["train", "local"], findsPython: true,
      variables: ["PATH": "\(folder.path):\(path)", "XDG_CACHE_HOME": file.path])
    defer {
      program.signal(SIGTERM)
      _ = waitUntil { !program.isRunning }
    }
    #expect(waitUntil { started().count == 2 })
  }

  @Test func secondSearchInTheSameFolderNamesTheOwner() throws {
    defer { clean() }
    let arguments = ["tune", "local", "--trials", "2", "--parallel", "1", "--epochs", "2"]
    let first = try start(arguments)
    defer {
      first.signal(SIGTERM)
      _ = waitUntil { !first.isRunning }
    }
    #expect(waitUntil { started().count == 2 })
    let second = try start(arguments)
    #expect(waitUntil { !second.isRunning })
    #expect(second.exitStatus == 1)
    let errors = try String(
      contentsOf: folder.appendingPathComponent("errors"), encoding: .utf8)
    #expect(errors.contains("is in use by process \(first.processID) on "))
  }

  @Test(
    .enabled(
      if: FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv"),
      "util-linux has no setpriv here; .ci/checks/training.sh runs where it is"))
  func killedProgramTakesItsTrainingAlong() throws {
    defer { clean() }
    let program = try start(["train", "local"])
    #expect(waitUntil { started().count == 2 })
    program.signal(SIGKILL)
    #expect(waitUntil { !program.isRunning })
    #expect(waitUntil { !started().prefix(1).contains(where: isAlive) })
    started().filter(isAlive).forEach { kill($0, SIGKILL) }
  }
}
