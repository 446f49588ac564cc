import Foundation
import JSON
import TestSupport
import Testing

@Suite struct HabitTests {
  private static let photograph = Repository.root.appendingPathComponent(
    "events/objects/dog-photos/uploads/mixed-breed.jpg")

  @Test func changedPhotographIsReplayedUntilCtrlC() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent("pet.jpg")
    try FileManager.default.copyItem(at: Self.photograph, to: file)
    let run = try CommandRun([file.path, "--watch", "--output", "text"])
    #expect(run.waitForError(containing: "Waiting for changes.") != nil)
    let other = Repository.root.appendingPathComponent(
      "events/objects/dog-photos/uploads/Schäferhund Rex.jpg")
    // As editors save a file.
    #expect(try rename(copy(of: other, in: folder).path, file.path) == 0)
    #expect(
      waitUntil {
        run.errorsSoFar.components(separatedBy: "Waiting for changes.").count == 3
      })
    kill(run.process.processIdentifier, SIGINT)
    let result = run.finish()
    #expect(result.status == 0)
    #expect(result.output.components(separatedBy: "uploads/pet.jpg\n").count == 3)
    #expect(result.output.contains("German shepherd"))
    #expect(!result.errors.contains("Error"))
  }

  @Test func objectOfAnEventIsWatchedAndABrokenFileIsReportedAndWatchedOn() throws {
    let folder = try TemporaryFolder()
    let objects = folder.url.appendingPathComponent("objects/pets")
    try FileManager.default.createDirectory(at: objects, withIntermediateDirectories: true)
    let object = objects.appendingPathComponent("rex.jpg")
    try FileManager.default.copyItem(at: Self.photograph, to: object)
    let event = folder.url.appendingPathComponent("event.json")
    try Data(#"{"bucket":"pets","key":"rex.jpg"}"#.utf8).write(to: event)
    let run = try CommandRun([event.path, "--watch"])
    let waits = { run.errorsSoFar.components(separatedBy: "Waiting for changes.").count - 1 }
    #expect(waitUntil { waits() == 1 })
    try Data(contentsOf: object).write(to: object)
    #expect(waitUntil { waits() == 2 })
    try Data("Dear Rex".utf8).write(to: event)
    #expect(waitUntil { waits() == 3 })
    #expect(run.errorsSoFar.contains("is neither an event (JSON) nor a photograph"))
    try Data(#"{"bucket":"pets","key":"rex.jpg"}"#.utf8).write(to: event)
    #expect(waitUntil { waits() == 4 })
    kill(run.process.processIdentifier, SIGINT)
    let result = run.finish()
    #expect(result.status == 0)
    #expect(result.output.split(separator: "\n").count == 3)
  }

  private func copy(of file: URL, in folder: TemporaryFolder) throws -> URL {
    let copy = folder.url.appendingPathComponent("new.jpg")
    try FileManager.default.copyItem(at: file, to: copy)
    return copy
  }

  @Test func interruptedRepetitionPrintsItsPercentiles() throws {
    // Only failures are printed one by one, which shows that some have ended.
    let run = try CommandRun(["-", "--repeat", "1000000"], input: #"{"key1":"value1"}"#)
    #expect(run.waitForError(containing: "REPORT RequestId") != nil)
    kill(run.process.processIdentifier, SIGINT)
    let result = run.finish()
    #expect(result.status == 128 + SIGINT)
    #expect(result.output.isEmpty)
    let summary =
      /Interrupted after \d+ of 1000000 invocations\.\n\d+ invocations, \d+ failed; Duration: p50 [\d.]+ ms, p90 [\d.]+ ms, p99 [\d.]+ ms/
    #expect(result.errors.contains(summary), "\(result.errors.suffix(400))")
  }

  @Test(
    arguments: [
      (["husky-mix-with-bicycle"], 0), (["husky-mix-with-bicycle", "mixed-breed"], 1),
    ] as [([String], Int32)])
  func onlyAQueueOfWhichEveryMessageFailedIsStatus1(missing: [String], status: Int32) throws {
    var event = try String(
      contentsOf: Repository.root.appendingPathComponent("events/sqs-two-messages.json"),
      encoding: .utf8)
    for name in missing { event = event.replacingOccurrences(of: name, with: "none") }
    let run = try localInvoke("-", input: event)
    #expect(run.status == status, "\(run.errors)")
    #expect(run.errors.components(separatedBy: "returns to its queue.").count == missing.count + 1)
  }

  @Test func batchOfWhichEveryTaskFailedIsStatus1() throws {
    let event = try String(
      contentsOf: Repository.root.appendingPathComponent("events/s3-batch-2.json"),
      encoding: .utf8)
    let run = try localInvoke(
      "-", input: event.replacingOccurrences(of: "mixed-breed", with: "none"))
    #expect(run.status == 1)
    #expect(run.errors.contains("PermanentFailure"))
  }

  @Test func missingBucketNamesTheFolderThatWasSearched() throws {
    let bucket = try localInvoke("-", input: #"{"bucket":"cat-photos","key":"a.jpg"}"#)
    #expect(bucket.status == 1)
    #expect(bucket.output.contains("has no folder cat-photos in events/objects"))
    let key = try localInvoke("-", input: #"{"bucket":"dog-photos","key":"a.jpg"}"#)
    #expect(key.output.contains("searched events/objects/dog-photos for it"))
  }

  @Test func eventOfAVersionedBucketIsReplayed() throws {
    let run = try localInvoke(
      "-", input: #"{"bucket":"dog-photos","key":"uploads/mixed-breed.jpg","versionId":"3HL4kqt"}"#)
    #expect(run.status == 0, "\(run.output)")
  }
}

@Suite struct DebuggerTests {
  @Test func functionStartsStoppedAndClassifiesWhenItContinues() throws {
    let run = try CommandRun(["events/s3.json", "--wait-for-debugger", "--timeout", "1"])
    let text = try #require(run.waitForError(containing: "To run it without one: kill -CONT "))
    let identifier = try #require(text.firstMatch(of: /kill -CONT (\d+)/).map { String($0.1) })
    #expect(text.contains("gdb -p \(identifier) "))
    #expect(text.contains("lldb -p \(identifier) "))
    let isStopped = try waitUntil {
      let state = try String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8)
      return state.contains("Name:\tbootstrap\n") && state.contains("State:\tT")
    }
    #expect(isStopped)
    kill(try #require(pid_t(identifier)), SIGCONT)
    let result = run.finish()
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("German shepherd"))
  }

  @Test func stoppedFunctionEndsWithTheCommand() throws {
    let run = try CommandRun(["events/s3.json", "--wait-for-debugger"])
    let text = try #require(run.waitForError(containing: "kill -CONT "))
    let identifier = text.firstMatch(of: /kill -CONT (\d+)/).map { String($0.1) }
    kill(run.process.processIdentifier, SIGTERM)
    #expect(run.finish().status == 128 + SIGTERM)
    #expect(!isAlive(identifier))
  }
}
