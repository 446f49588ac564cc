import AWSControl
import Foundation
import TestSupport
import Testing

@testable import Training

@Suite struct ChildProcessTests {
  private let environment = ProcessInfo.processInfo.environment

  private func temporary() -> URL {
    FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  }

  /// Whether a process exists and is not only waiting to be collected.
  private func isAlive(_ processID: pid_t) -> Bool {
    guard let text = try? String(contentsOfFile: "/proc/\(processID)/stat", encoding: .utf8),
      let state = text.split(separator: ")").last?.split(separator: " ").first
    else { return false }
    return state != "Z"
  }

  @Test func statusOfTheProgramIsHandedOn() throws {
    let status = try ChildProcess.run(
      .init(["sh", "-c", "exit 7"]), environment: environment, interruption: { nil },
      sleep: { usleep(UInt32($0) * 100) })
    #expect(status == 7)
  }

  @Test func programThatDoesNotExistIsAStatus() throws {
    let status = try ChildProcess.run(
      .init(["/nowhere/python3"]), environment: environment, output: .file("/dev/null"),
      interruption: { nil }, sleep: { usleep(UInt32($0) * 100) })
    #expect(status == 127)
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func signalIsPassedOnAndNothingOfTheProgramIsLeft(number: Int32) throws {
    let started = temporary()
    defer { try? FileManager.default.removeItem(at: started) }
    // Tests that run in the background of a script inherit an ignored SIGINT, which no shell can trap:
    // the program must not.
    let child = try ChildProcess(
      .init([
        "sh", "-c",
        "trap 'exit 9' INT TERM HUP; sleep 1000 & echo $! >\"$0.new\"; mv \"$0.new\" \"$0\"; wait",
        started.path,
      ]), environment: environment)
    let status = child.wait(
      interruption: { FileManager.default.fileExists(atPath: started.path) ? number : nil },
      sleep: { usleep(UInt32($0) * 100) })
    #expect(status == 9)
    let text = try String(contentsOf: started, encoding: .utf8)
    let grandchild = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(waitUntil { !isAlive(grandchild) })
  }

  @Test func programThatIgnoresTheSignalIsKilledAfterTheGrace() throws {
    let started = temporary()
    defer { try? FileManager.default.removeItem(at: started) }
    var slept: Int64 = 0
    let child = try ChildProcess(
      .init([
        "sh", "-c", "trap '' INT TERM; touch \"$0\"; while :; do sleep 0.05; done", started.path,
      ]), environment: environment)
    // Time is counted in sleeps, which take none here.
    let status = child.wait(
      interruption: { FileManager.default.fileExists(atPath: started.path) ? SIGTERM : nil },
      sleep: {
        slept += $0
        usleep(1000)
      })
    #expect(status == 128 + SIGKILL)
    #expect(slept >= ChildProcess.graceMilliseconds)
  }

  @Test func programHasAGroupOfItsOwn() throws {
    let child = try ChildProcess(.init(["sleep", "1000"]), environment: environment)
    #expect(getpgid(child.processID) == child.processID)
    child.killGroup()
    #expect(waitUntil { !child.isRunning })
    #expect(child.exitStatus == 128 + SIGKILL)
  }

  // MARK: Locks

  @Test func lockNamesItsOwnerAndIsFreeAfterwards() throws {
    let folder = temporary()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("venv.lock").path
    do {
      let lock = try OwnedLock(path, of: "The environment")
      let refusal = #expect(throws: Refusal.self) { try OwnedLock(path, of: "The environment") }
      #expect(
        refusal?.reason.hasPrefix("The environment is in use by process \(getpid()) on ") == true)
      withExtendedLifetime(lock) {}
    }
    _ = try OwnedLock(path, of: "The environment")
  }

  @Test func lockBelowAFileIsRefusedWithItsName() throws {
    let file = try TemporaryFile("x")
    let refusal = #expect(throws: Refusal.self) {
      try OwnedLock("\(file.path)/venv.lock", of: "The environment")
    }
    #expect(refusal?.reason.contains(file.path) == true)
  }
}
