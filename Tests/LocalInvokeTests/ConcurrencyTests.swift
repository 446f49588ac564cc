import Foundation
import RuntimeEmulator
import TestSupport
import Testing

@testable import local_invoke

@Suite struct ConcurrencyTests {
  @Test func asManyEnvironmentsAsCallersWorkAtTheSameTime() throws {
    let folder = try TemporaryFolder()
    // None ends before all three have an event.
    let script = try folder.script(
      """
      \(takesOneEvent)
      echo "$$ $AWS_LAMBDA_RUNTIME_API" >> "$LAMBDA_TASK_ROOT/begun"
      while [ "$(wc -l < "$LAMBDA_TASK_ROOT/begun")" -lt 3 ]; do sleep 0.01; done
      exit 3
      """)
    let run = try localInvoke(
      "events/s3.json", "--repeat", "3", "--concurrency", "3", bootstrap: script)
    #expect(run.status == 1)
    #expect(run.errors.contains("3 invocations, 3 failed"), "\(run.errors)")
    #expect(run.errors.contains("3 environments, 3 cold starts"), "\(run.errors)")
    let begun = (folder.text(of: "begun") ?? "").split(separator: "\n").map {
      $0.split(separator: " ")
    }
    #expect(Set(begun.map(\.[0])).count == 3)
    #expect(Set(begun.map(\.[1])).count == 3)
  }

  @Test func manyCallersShareTheEnvironments() throws {
    let run = try localInvoke(
      "events/s3-test-event.json", "--repeat", "60", "--concurrency", "3")
    #expect(run.status == 0, "\(run.errors)")
    let line = try #require(
      run.errors.firstMatch(
        of:
          /\n(\d+) environments?, (\d+) cold starts?(?: \(Init Duration: p50 [\d.]+ ms, p90 [\d.]+ ms, p99 [\d.]+ ms\))?; [\d.]+ invocations\/s in [\d.]+ s\n/
      ), "\(run.errors)")
    #expect(line.1 == line.2)
    #expect((1...3).contains(Int(line.1) ?? 0))
    #expect(run.errors.contains("60 invocations, 0 failed"))
    #expect(!run.errors.contains("without the model's time"))
  }

  @Test func fewInvocationsAreShownEachInOnePiece() throws {
    let run = try localInvoke("events/s3-test-event.json", "--repeat", "6", "--concurrency", "2")
    let lines = run.errors.split(separator: "\n").map(String.init)
    let starts = lines.indices.filter { lines[$0].hasPrefix("START ") }
    #expect(starts.count == 6)
    for start in starts {
      let identifier = lines[start].split(separator: " ")[2]
      #expect(lines[start + 1].contains(identifier))
      #expect(lines[start + 2] == "END RequestId: \(identifier)")
      #expect(lines[start + 3].hasPrefix("REPORT RequestId: \(identifier)"))
    }
  }

  @Test func anIdleEnvironmentIsUsedBeforeAnotherIsStarted() throws {
    let settings = FunctionHost.Settings(
      bootstrap: Repository.products.appendingPathComponent("bootstrap"),
      environment: [
        "ENDPOINT_NAME": "e", "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "s",
      ], timeoutSeconds: 60, memoryMB: 128, port: 0)
    let pool = try EnvironmentPool(settings, count: 2, showsInvocations: false, Console())
    defer { pool.stop() }
    let event = Array(
      try Data(contentsOf: Repository.root.appendingPathComponent("events/s3-test-event.json")))
    let invocations = (0..<3).map { _ in pool.invoke(InvocationRequest(event: event)) }
    #expect(invocations.map(\.isColdStart) == [true, false, false])
    #expect(invocations.allSatisfy { $0.outcome.errorType == nil })
    #expect(pool.startedCount == 1)
  }

  @Test func anInterruptionEndsAllEnvironmentsAndRemovesTheResults() throws {
    let folder = try TemporaryFolder()
    let temporary = folder.url.appendingPathComponent("tmp")
    try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
    let script = try folder.script(
      "echo $$ >> \"$LAMBDA_TASK_ROOT/own\"\n\(takesOneEvent)\n"
        + "while [ \"$(wc -l < \"$LAMBDA_TASK_ROOT/own\")\" -lt 2 ]; do sleep 0.01; done\n"
        + "touch \"$LAMBDA_TASK_ROOT/taken\"; while :; do sleep 1; done")
    let run = try CommandRun(
      ["events/s3.json", "--repeat", "4", "--concurrency", "2", "--show-results"],
      environment: ["TMPDIR": temporary.path], bootstrap: script)
    #expect(waitUntil { folder.text(of: "taken") != nil })
    let files = { try FileManager.default.contentsOfDirectory(atPath: temporary.path) }
    #expect(try files().count == 1)
    kill(run.process.processIdentifier, SIGINT)
    let result = run.finish()
    #expect(result.status == 128 + SIGINT)
    #expect(result.output.isEmpty)
    let own = (folder.text(of: "own") ?? "").split(separator: "\n").map(String.init)
    #expect(own.count == 2)
    #expect(own.allSatisfy { !isAlive($0) })
    #expect(try files().isEmpty)
  }
}
