import Foundation
import JSON
import LoopbackServer
import Platform
import TestSupport
import Testing

@testable import inferencectl

@Suite struct BackfillCommandTests {
  private static let role = "arn:aws:iam::111122223333:role/backfill"
  private static let start = [
    "backfill", "start", "s3://my-dog-photos/uploads/", "--function-name", "dog-breeds",
    "--role-arn", role,
  ]
  private static let job = ScriptedBackfill.jobID

  @Test func dryRunPlansTheManifestTheJobAndItsConfirmation() throws {
    let account = try ScriptedBackfill()
    let run = account.run(Self.start + ["--dry-run", "--output", "json"])
    let operations = try plannedOperations(run)
    #expect(
      operations.map { $0.split(separator: " ").first } == [
        "PutObject", "CreateJob", "UpdateJobStatus",
      ])
    #expect(try JSONValue(parsing: run.output)["tasks"] == 1203)
    #expect(!account.calls.contains("Invoke") && !account.calls.contains("PutObject"))
  }

  @Test func jobIsCreatedOnlyAfterAgreementAndTheTrial() throws {
    let account = try ScriptedBackfill()
    let refused = account.run(Self.start)
    #expect(refused.status == 1)
    #expect(refused.errors.contains("To agree, add --yes"))
    #expect(account.calls.allSatisfy { !["Invoke", "PutObject", "CreateJob"].contains($0) })
    let run = account.run(Self.start + ["--yes", "--only-missing"])
    #expect(run.status == 0, "\(run.errors)")
    let writes = account.calls.filter {
      ["Invoke", "PutObject", "CreateJob", "UpdateJobStatus Ready"].contains($0)
    }
    #expect(writes.prefix(100).allSatisfy { $0 == "Invoke" })
    #expect(Array(writes.dropFirst(100)) == ["PutObject", "CreateJob", "UpdateJobStatus Ready"])
    #expect(account.creation.contains("function:dog-breeds:7<"))
    #expect(account.creation.contains("<ConfirmationRequired>true<"))
  }

  @Test func answerNoLeavesTheJobSuspended() throws {
    let account = try ScriptedBackfill()
    let (status, text) = ask(account, Self.start + ["--sample", "0"], answers: ["y", "n"])
    #expect(status == 1)
    #expect(text.contains("It stays suspended. To run it, use `backfill resume \(Self.job)`"))
    #expect(!account.calls.contains("UpdateJobStatus Ready"))
    let resumed = account.run(["backfill", "resume", Self.job, "--yes"])
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(account.calls.contains("UpdateJobStatus Ready"))
  }

  @Test func answerNoToFailuresOfTheTrialCreatesNothing() throws {
    let account = try ScriptedBackfill()
    account.change { $0.brokenCount = 400 }
    let (status, text) = ask(account, Self.start, answers: ["y", "n"])
    #expect(status == 1)
    #expect(text.contains(/\d+ of 100 objects failed in the trial/))
    #expect(text.contains("SageMaker.ModelError"))
    #expect(account.calls.allSatisfy { !["PutObject", "CreateJob"].contains($0) })
  }

  /// A run with a person who answers one question after the other.
  private func ask(
    _ account: ScriptedBackfill, _ arguments: [String], answers: [String]
  ) -> (status: Int32, text: String) {
    let answers = Locked(answers)
    let console = Recorder<String>()
    let status = Program.run(
      arguments,
      environment: [
        "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "example", "AWS_ENDPOINT_URL": account.baseURL,
        "AWS_REGION": "us-east-1",
      ],
      console: {
        var found = Console(
          writeOutput: { console.add($0) }, writeError: { console.add($0) }, isTerminal: false)
        found.readAnswer = { answers.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
        return found
      }(), clock: account.clock)
    return (status, console.all.joined())
  }

  @Test func jobReadsTheManifestThatWasWritten() throws {
    let account = try ScriptedBackfill()
    _ = account.run(Self.start + ["--yes", "--sample", "0"])
    let (path, bytes) = try #require(account.written.first)
    #expect(
      account.creation.contains(
        "<Fields><member>Bucket</member><member>Key</member><member>VersionId</member></Fields>"))
    #expect(
      account.creation.contains(
        "<ObjectArn>arn:aws:s3:::\(path.dropFirst())</ObjectArn><ETag>60e460c9d1046e73f7dde5043ac3ae85</ETag>"
      ))
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 1_203)
    #expect(lines.allSatisfy { $0.split(separator: ",").count == 3 })
  }

  @Test func repeatedStartFindsItsJob() throws {
    let account = try ScriptedBackfill()
    _ = account.run(Self.start + ["--yes", "--sample", "0"])
    let first = account.creation
    let again = account.run(Self.start + ["--yes", "--sample", "0"])
    #expect(again.status == 0, "\(again.errors)")
    #expect(again.output.contains("exists already"))
    #expect(account.creation == first)
    _ = account.run(Self.start + ["--yes", "--sample", "0", "--again"])
    #expect(account.creation != first)
  }

  @Test func startWithAnotherPriorityNamesTheWayOut() throws {
    let account = try ScriptedBackfill()
    account.change { $0.isTokenTaken = true }
    let run = account.run(Self.start + ["--yes", "--sample", "0", "--priority", "20"])
    #expect(run.status == 1)
    #expect(run.errors.contains("backfill list") && run.errors.contains("--again"))
  }

  @Test func repeatedResumeNamesTheJobToResume() throws {
    let account = try ScriptedBackfill()
    _ = account.run(Self.start + ["--yes", "--sample", "0"])
    let resume = ["backfill", "resume", Self.job, "--yes", "--sample", "0"]
    // The job that the scripted CreateJob returns has ended.
    account.change { $0.step = 6 }
    let run = account.run(resume)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("continues job \(Self.job) already: Complete"))
    #expect(!run.output.contains("--again"))
  }

  @Test func roleIsCheckedBeforeAnythingIsWrittenOrInvoked() throws {
    let account = try ScriptedBackfill()
    account.change { $0.roleMayWrite = false }
    let run = account.run(Self.start + ["--yes"])
    #expect(run.status == 1)
    #expect(
      run.errors.contains(
        "It may not perform s3:PutObject on arn:aws:s3:::my-dog-results/backfill/reports/"))
    #expect(run.errors.contains("BackfillRole=true"))
    #expect(account.calls.allSatisfy { !["Invoke", "PutObject", "CreateJob"].contains($0) })
  }

  @Test func trialThatMostlyFailsCreatesNothing() throws {
    let account = try ScriptedBackfill()
    account.change { $0.brokenCount = 1_203 }
    let run = account.run(Self.start + ["--yes"])
    #expect(run.status == 1)
    #expect(
      run.errors.contains("100 of 100 objects failed in the trial, so that nothing was created"))
    #expect(run.errors.contains("SageMaker.ModelError"))
    #expect(!account.calls.contains("CreateJob"))
  }

  @Test func folderThatExistsIsRefusedBeforeTheTrial() throws {
    let account = try ScriptedBackfill()
    let run = account.run([
      "backfill", "start", "s3://my-dog-photos/uploads/", "--function-name", "dog-breeds",
      "--local", "--limit", "4", "--yes", "--folder", FileManager.default.temporaryDirectory.path,
    ])
    #expect(run.status == 1 && run.errors.contains("exists already. Name another with --folder"))
    #expect(!account.calls.contains("Invoke"))
  }

  @Test func statusWatchesUntilTheEndAndCountsFromTheReport() throws {
    let account = try ScriptedBackfill()
    account.change { $0.step = 3 }
    let run = account.run(["backfill", "status", Self.job, "--watch", "--output", "json"])
    #expect(run.status == 1)
    let json = try JSONValue(parsing: run.output)
    #expect(json["status"] == "Complete")
    #expect(json["summary"]?["failed"] == 3)
    #expect(run.errors.contains("left"))
    #expect(account.calls.count { $0 == "DescribeJob" } == 4)
  }

  /// DescribeJob has been seen with 1 success of a job with 100,000.
  @Test func countsAreThoseOfTheReport() throws {
    let account = try ScriptedBackfill()
    account.change {
      $0.step = 6
      $0.claimedFailures = 0
    }
    let run = account.run(["backfill", "status", Self.job, "--watch"])
    #expect(run.status == 1)
    #expect(run.output.contains(/succeeded +1,198\n/), "\(run.output)")
    #expect(run.output.contains(/failed +3\n/), "\(run.output)")
  }

  @Test func resumeRunsWhatHasNotSucceeded() throws {
    let account = try ScriptedBackfill()
    _ = account.run(Self.start + ["--yes", "--sample", "0"])
    account.change {
      $0.step = 6
      $0.creation = ""
    }
    let run = account.run([
      "backfill", "resume", Self.job, "--yes", "--sample", "0", "--output", "json",
    ])
    #expect(run.status == 0, "\(run.errors)")
    // Three failed, and the two whose results were there are not in the report.
    #expect(try JSONValue(parsing: run.output)["tasks"] == 5)
    #expect(account.creation.contains("(continues \(Self.job))"))
    #expect(account.creation.contains("<member>VersionId</member>"))
  }

  @Test func reportWritesRowsAndAPage() throws {
    let account = try ScriptedBackfill()
    account.change { $0.step = 6 }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "report-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (rows, page) = (folder.path + "/rows.csv", folder.path + "/page.html")
    let run = account.run(["backfill", "report", Self.job, "--rows", rows, "--report", page])
    #expect(run.status == 0, "\(run.errors)")
    let text = try String(contentsOfFile: rows, encoding: .utf8)
    #expect(text.split(separator: "\r\n").count == 1 + 1_201)
    let html = try String(contentsOfFile: page, encoding: .utf8)
    #expect(html.contains("071.German_shepherd_dog") && html.contains("SageMaker.ModelError"))
    #expect(account.run(["backfill", "report", Self.job, "--rows", rows]).status == 1)
  }

  /// Before S3 has written the report, as after a Ctrl-C: the same command must be possible later.
  @Test func failedReportLeavesNoRows() throws {
    let rows = FileManager.default.temporaryDirectory.appendingPathComponent(
      "rows-\(UUID().uuidString).csv"
    ).path
    let run = CommandRun(["backfill", "report", "--folder", rows + "-missing", "--rows", rows])
    #expect(run.status == 1)
    #expect(!FileManager.default.fileExists(atPath: rows))
  }

  @Test func cancelNeedsAConfirmationAndIsDoneOnce() throws {
    let account = try ScriptedBackfill()
    account.change { $0.step = 4 }
    #expect(account.run(["backfill", "cancel", Self.job]).status == 1)
    #expect(account.run(["backfill", "cancel", Self.job, "--yes"]).status == 0)
    let again = account.run(["backfill", "cancel", Self.job, "--yes"])
    #expect(again.output.contains("is Cancelled already"))
    #expect(account.calls.count { $0 == "UpdateJobStatus Cancelled" } == 1)
  }

  @Test(arguments: [
    ["start", "--function-name", "f", "--local"], ["start", "s3://b/p", "--function-name", "f"],
    ["start", "b/p", "--function-name", "f", "--local"],
    ["start", "s3://bbb/p", "--function-name", "f", "--role-arn", "backfill"],
    ["start", "s3://bbb/p", "--function-name", "f", "--local", "--sample", "-1"],
    [
      "start", "--inventory", "s3://bbb/manifest.json", "--function-name", "f", "--role-arn", role,
      "--suffix", ".jpg",
    ],
    ["start", "s3://bbb/p", "--function-name", "f", "--local", "--created-after", "yesterday"],
    [
      "start", "s3://bbb/p", "--function-name", "f", "--local", "--created-after", "2026-02-01",
      "--created-before", "2026-01-01",
    ],
    ["status", "no job"], ["status"], ["status", job, "--interval", "5"],
    ["report", job, "--rows", "x.txt"],
    ["priority", job, "-1"], ["resume", job, "--folder", "x"],
  ])
  func wrongUsageIsStatus2(arguments: [String]) {
    let run = CommandRun(["backfill"] + arguments)
    #expect(run.status == 2, "\(run.errors)")
  }

  /// A name alone would be another function after a change of the profile or the Region.
  @Test func localRunReadsAndInvokesTheFunctionByItsARN() throws {
    let account = try ScriptedBackfill()
    account.change { $0.brokenCount = 0 }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "run-\(UUID().uuidString)"
    ).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = account.run([
      "backfill", "start", "s3://my-dog-photos/uploads/", "--function-name", "dog-breeds",
      "--local", "--limit", "4", "--yes", "--folder", folder,
    ])
    #expect(run.status == 0, "\(run.errors)")
    _ = account.run(["backfill", "resume", "--folder", folder])
    let arn = "arn:aws:lambda:us-east-1:111122223333:function:dog-breeds"
    #expect(
      account.functionPaths == [
        "/2015-03-31/functions/\(arn)/invocations", "/2019-09-30/functions/\(arn)/concurrency",
      ])
  }

  @Test func moreThanTenThousandObjectsAreNotLocal() throws {
    let account = try ScriptedBackfill()
    account.change { $0.imageCount = 10_100 }
    let run = account.run([
      "backfill", "start", "s3://my-dog-photos/uploads/", "--function-name", "dog-breeds",
      "--local", "--yes",
    ])
    #expect(run.status == 1)
    #expect(run.errors.contains("10,100 objects are too many for --local"))
  }
}

/// The terminal sessions of docs/backfill.md, run against the scripted account.
///
/// `RECORD_SESSIONS=1 swift test --filter BackfillSessionTests` writes them anew.
@Suite(.serialized) struct BackfillSessionTests {
  private static let page = SessionPage("docs/backfill.md")
  private let account: ScriptedBackfill

  init() throws { account = try ScriptedBackfill() }

  private func type(_ commands: [String], in folder: String? = nil) -> String {
    commands.map { command in
      let seen = Recorder<String>()
      // As a terminal shows it in the end: progress is overwritten.
      let console = Console(
        writeOutput: { seen.add($0) },
        writeError: { if !$0.hasPrefix("\r\u{1B}[K") { seen.add($0) } },
        isTerminal: true)
      let arguments = command.split(separator: " ").map {
        $0.replacingOccurrences(of: "run-1", with: folder ?? "run-1")
      }
      let status = Program.run(
        arguments,
        environment: [
          "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
          "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
          "AWS_SECRET_ACCESS_KEY": "example", "AWS_ENDPOINT_URL": account.baseURL,
          "AWS_REGION": "us-east-1",
        ], console: console, clock: account.clock)
      let output = seen.all.joined().replacingOccurrences(of: folder ?? "run-1", with: "run-1")
      return "$ inferencectl \(command)\n\(output)" + (status == 0 ? "" : "$ echo $?\n\(status)\n")
    }.joined()
  }

  @Test func job() throws {
    let text = type([
      "backfill start s3://my-dog-photos/uploads/ --function-name dog-breeds --only-missing --role-arn "
        + "arn:aws:iam::111122223333:role/backfill --yes",
      "backfill status \(ScriptedBackfill.jobID) --watch",
      "backfill report \(ScriptedBackfill.jobID)",
    ])
    try Self.page.compare(text, "job")
  }

  @Test func local() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "run-\(UUID().uuidString)"
    ).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let text = type(
      [
        "backfill start s3://my-dog-photos/uploads/ --function-name dog-breeds --local --limit 200 --folder run-1 --yes",
        "backfill resume --folder run-1",
      ], in: folder)
    try Self.page.compare(text, "local")
  }
}
