import AWSClient
import AWSControl
import Foundation
import JSON
import LoopbackServer
import OperationsSupport
import TestSupport
import Testing

@testable import Backfill

/// A function that is invoked for tasks: answers by key.
private final class TaskServer: Sendable {
  private let server: LoopbackServer
  let keys: Recorder<String>
  var url: String { server.baseURL }

  /// - Parameter answer: the result code and text of a task, or nil for 429; gets the key as in the event, and how
  /// often it came.
  init(_ answer: @escaping @Sendable (String, Int) -> (code: String, text: String)?) throws {
    let keys = Recorder<String>()
    self.keys = keys
    server = try LoopbackServer { request, connection in
      let event = try? JSONValue(parsing: request.body)
      let key = event?["tasks"]?[0]?["s3Key"]?.stringValue ?? ""
      keys.add(key)
      let count = keys.all.count { $0 == key }
      guard let (code, text) = answer(key, count) else {
        return try connection.send(
          status: 429, headers: [("x-amzn-ErrorType", "TooManyRequestsException")],
          body: Array("{}".utf8))
      }
      let body: JSONValue = [
        "invocationSchemaVersion": "2.0",
        "results": [
          ["taskId": "1", "resultCode": .string(code), "resultString": .string(text)]
        ],
      ]
      try connection.send(status: 200, body: body.serialized())
    }
  }

  deinit { server.stop() }
}

@Suite struct RunTests {
  private func makeFolder(_ keys: [String]) throws -> LocalFolder {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(
      "backfill-\(UUID().uuidString)"
    ).path
    let folder = LocalFolder(path: path)
    var manifest = Manifest(hasVersions: false)
    for key in keys { try manifest.append(ManifestRow(bucket: "b", key: key, versionID: nil)) }
    try folder.create(
      .init(
        functionName: "f", functionARN: "arn:aws:lambda:us-east-1:111122223333:function:f",
        version: "7", tasks: keys.count, creationTime: "now"), manifest)
    return folder
  }

  private func summary(_ folder: LocalFolder) throws -> ReportSummary {
    var summary = ReportSummary()
    try folder.readReport { row in
      if let row { summary.add(row) } else { summary.addUnreadableLine() }
    }
    return summary
  }

  private func run(
    _ folder: LocalFolder, _ server: TaskServer, width: Int = 4,
    isInterrupted: @escaping () -> Bool = { false }
  ) throws -> DirectRun.End {
    let fixture = try ControlFixture(url: server.url)
    return try DirectRun(folder, width: width, with: fixture.client, isInterrupted: isInterrupted)
      .start()
  }

  @Test func hostileKeysReachTheFunctionEncodedAndTheReportDecoded() throws {
    let server = try TaskServer { _, _ in ("Succeeded", "dog 0.9") }
    let folder = try makeFolder(hostileKeys)
    defer { try? FileManager.default.removeItem(atPath: folder.path) }
    #expect(try run(folder, server) == .complete)
    var keys: [String] = []
    try folder.readReport { keys.append($0?.object.key ?? "") }
    #expect(Set(keys.map { Array($0.utf8) }) == Set(hostileKeys.map { Array($0.utf8) }))
    #expect(
      server.keys.all.allSatisfy { !$0.contains(" ") && !$0.contains("+") && !$0.contains("\n") })
    #expect(try summary(folder).classes.map(\.images) == [hostileKeys.count])
  }

  @Test func passingFailuresAreRepeatedAtTheEndAndLastingOnesReported() throws {
    let server = try TaskServer { key, count in
      switch key {
      case "once": count == 1 ? ("TemporaryFailure", "S3.SlowDown: once") : ("Succeeded", "dog 0.9")
      case "always": ("TemporaryFailure", "S3.SlowDown: always")
      case "broken": ("PermanentFailure", "Image.Empty: broken")
      default: ("Succeeded", "dog 0.9")
      }
    }
    let folder = try makeFolder(["once", "always", "broken", "good"])
    defer { try? FileManager.default.removeItem(atPath: folder.path) }
    #expect(try run(folder, server) == .complete)
    let summary = try summary(folder)
    #expect(summary.succeeded == 2)
    #expect(
      summary.failures.map { "\($0.reason) \($0.code)" }.sorted() == [
        "Image.Empty PermanentFailure", "S3.SlowDown TemporaryFailure",
      ])
    #expect(server.keys.all.count { $0 == "always" } == 3)
    #expect(server.keys.all.count { $0 == "broken" } == 1)
  }

  @Test func throttlingHalvesAndLosesNothing() throws {
    let server = try TaskServer { _, count in count == 1 ? nil : ("Succeeded", "dog 0.9") }
    let folder = try makeFolder((0..<20).map { "k\($0)" })
    defer { try? FileManager.default.removeItem(atPath: folder.path) }
    #expect(try run(folder, server, width: 8) == .complete)
    #expect(try summary(folder).succeeded == 20)
  }

  @Test func throttlingWithoutEndIsGivenUp() throws {
    let server = try TaskServer { _, _ in nil }
    let folder = try makeFolder(["a"])
    defer { try? FileManager.default.removeItem(atPath: folder.path) }
    let error = #expect(throws: AWSError.self) { try run(folder, server) }
    #expect(error?.advice.contains("reserved concurrency") == true)
    #expect(server.keys.all.count == InvocationPool<ManifestRow>.maximumPauses + 1)
  }

  @Test func interruptedRunIsContinuedWithTheRest() throws {
    let server = try TaskServer { key, _ in
      key == "k3" ? ("PermanentFailure", "Image.Empty: x") : ("Succeeded", "dog 0.9")
    }
    let folder = try makeFolder((0..<30).map { "k\($0)" })
    defer { try? FileManager.default.removeItem(atPath: folder.path) }
    let seen = server.keys
    #expect(
      try run(folder, server, width: 1, isInterrupted: { seen.all.count >= 10 }) == .interrupted)
    let first = seen.all
    #expect(first.count == 10)
    // A killed run leaves half a line.
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path + "/report.csv"))
    try file.seekToEnd()
    try file.write(contentsOf: Data("b,k10,,succ".utf8))
    try file.close()
    #expect(try run(folder, server) == .complete)
    let repeated = Set(first).intersection(seen.all.dropFirst(10))
    #expect(repeated == ["k3"])
    let summary = try summary(folder)
    #expect((summary.succeeded, summary.failed, summary.unreadableLines) == (29, 1, 0))
  }

  @Test func runThatMostlyFailsEndsAsAJobWould() throws {
    let server = try TaskServer { _, _ in
      ("PermanentFailure", "SageMaker.ValidationError: no endpoint")
    }
    let folder = try makeFolder((0..<1_100).map { "k\($0)" })
    defer { try? FileManager.default.removeItem(atPath: folder.path) }
    #expect(try run(folder, server, width: 8) == .failing)
    #expect((1_000...1_008).contains(server.keys.all.count))
  }

  @Test func functionThatMayNotBeInvokedEndsTheRunAtOnce() throws {
    let fixture = try ControlFixture([
      .init(
        403, [("x-amzn-ErrorType", "AccessDeniedException")], body: #"{"Message":"not authorized"}"#
      )
    ])
    let folder = try makeFolder(["a", "b", "c"])
    defer { try? FileManager.default.removeItem(atPath: folder.path) }
    #expect(throws: AWSError.self) {
      try DirectRun(folder, width: 1, with: fixture.client, isInterrupted: { false }).start()
    }
    #expect(fixture.requests.count == 1)
    #expect(try summary(folder).tasks == 0)
  }

  @Test func twoRunsDoNotShareAFolder() throws {
    let folder = try makeFolder(["a"])
    defer { try? FileManager.default.removeItem(atPath: folder.path) }
    try folder.openReport()
    #expect(throws: Refusal.self) { try LocalFolder(path: folder.path).openReport() }
    try folder.close()
  }

  @Test func restIsTheOldManifestWithoutWhatSucceeded() throws {
    let manifest = "b,a%2Cb,1\nb,c,null\nb,d,2\n"
    let fixture = try ControlFixture([
      .init(200, body: #"{"Results":[{"Bucket":"r","Key":"x.csv"}]}"#),
      .init(
        200, body: "b,a%2Cb,1,succeeded,200,,dog 1.0\nb,c,null,failed,200,PermanentFailure,no\n"),
      .init(200, [("ETag", "\"m\"")], body: manifest),
    ])
    let report = try CompletionReport.find(
      of: "1", under: S3Location(bucket: "r", key: "p"), with: fixture.client)
    let source = ManifestSource(
      .init(
        format: .csv, hasVersions: true, location: S3Location(bucket: "r", key: "m.csv"), eTag: "m"),
      with: fixture.client)
    let rest = try Remainder.read(source, hasVersions: true, report: report, sampleCount: 10)
    #expect(String(decoding: rest.manifest.bytes, as: UTF8.self) == "b,c,null\nb,d,2\n")
    #expect(rest.succeeded == 1)
    #expect(rest.sample.count == 2)
  }
}

@Suite struct JobTests {
  @Test func tokenFollowsManifestVersionAndRole() {
    func token(
      _ eTag: String = "e", _ version: String = "7", _ role: String = "r", _ salt: String = ""
    ) -> String {
      BackfillJob.token(
        manifest: .init(
          format: .csv, hasVersions: true, location: S3Location(bucket: "b", key: "k"), eTag: eTag),
        functionARN: "f:\(version)", roleARN: role, salt: salt)
    }
    #expect(token() == token())
    #expect(token().utf8.count == 64)
    #expect(
      Set([token(), token("x"), token("e", "8"), token("e", "7", "s"), token("e", "7", "r", "1")])
        .count == 5)
  }

  @Test func rateAndTimeLeftAreThoseOfTheLastInterval() throws {
    let before = BatchJobProgress(total: 1_000, succeeded: 100, failed: 0, activeSeconds: 100)
    let now = BatchJobProgress(total: 1_000, succeeded: 395, failed: 5, activeSeconds: 130)
    let rate = try #require(JobRate(now, since: before, elapsedMilliseconds: 30_000))
    #expect(rate == JobRate(now, since: before, elapsedMilliseconds: 30_000))
    #expect(rate.tasksPerSecond == 10)
    #expect(rate.secondsLeft == 60)
    #expect(JobRate(before, since: nil, elapsedMilliseconds: 0)?.tasksPerSecond == 1)
    #expect(
      JobRate(
        BatchJobProgress(total: nil, succeeded: 0, failed: 0, activeSeconds: nil), since: nil,
        elapsedMilliseconds: 0) == nil)
  }

  private static let role = "arn:aws:iam::111122223333:role/backfill"

  private func check(trust: String, allowed: [Bool], age: String = "2020-01-01T00:00:00Z") throws
    -> (
      check: RoleCheck, requests: [ReceivedHTTPRequest]
    )
  {
    let encoded = trust.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    let role = ScriptedServer.Answer(
      200,
      body:
        "<GetRoleResponse><Role><Arn>\(Self.role)</Arn><AssumeRolePolicyDocument>\(encoded)</AssumeRolePolicyDocument><CreateDate>\(age)</CreateDate></Role></GetRoleResponse>"
    )
    let fixture = try ControlFixture(
      [role]
        + allowed.map {
          .init(
            200,
            body:
              "<R><member><EvalDecision>\($0 ? "allowed" : "implicitDeny")</EvalDecision></member></R>"
          )
        })
    let check = try RoleCheck(
      roleARN: Self.role, functionARN: "arn:f:7",
      manifest: S3Location(bucket: "r", key: "backfill/m.csv"),
      report: S3Location(bucket: "r", key: "backfill/reports"), partition: "aws",
      with: fixture.client)
    return (check, fixture.requests)
  }

  private static let trust =
    #"{"Statement":[{"Effect":"Allow","Principal":{"Service":"batchoperations.s3.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#

  @Test func roleWithEverythingHasNoProblem() throws {
    let (check, requests) = try check(trust: Self.trust, allowed: [true, true, true])
    #expect(check.problems.isEmpty)
    #expect(check.waitMilliseconds == 0)
    let bodies = requests.dropFirst().map { String(decoding: $0.body, as: UTF8.self) }
    #expect(bodies[0].contains("lambda%3AInvokeFunction") && bodies[0].contains("arn%3Af%3A7"))
    #expect(bodies[1].contains("s3%3AGetObject") && bodies[1].contains("r%2Fbackfill%2Fm.csv"))
    #expect(
      bodies[2].contains("s3%3APutObject")
        && bodies[2].contains("r%2Fbackfill%2Freports%2Fjob-1%2Fmanifest.json"))
  }

  @Test func eachMissingPermissionIsNamed() throws {
    let (check, _) = try check(
      trust: Self.trust.replacing("batchoperations.s3", with: "lambda"),
      allowed: [false, true, false])
    #expect(check.problems.count == 3)
    #expect(check.problems[0].contains("batchoperations.s3.amazonaws.com"))
    #expect(check.problems[1] == "It may not perform lambda:InvokeFunction on arn:f:7")
    #expect(
      check.problems[2].hasPrefix(
        "It may not perform s3:PutObject on arn:aws:s3:::r/backfill/reports/"))
  }

  /// The fixture's time is 2023-11-14T22:13:20Z.
  @Test func newRoleIsGivenAMinute() throws {
    let (check, _) = try check(
      trust: Self.trust, allowed: [true, true, true], age: "2023-11-14T22:13:00Z")
    #expect(check.waitMilliseconds == 40_000)
  }

  @Test func roleThatCannotBeReadIsANote() throws {
    let fixture = try ControlFixture([
      .init(
        403,
        body:
          "<ErrorResponse><Error><Code>AccessDenied</Code><Message>iam:GetRole</Message></Error></ErrorResponse>"
      )
    ])
    let check = try RoleCheck(
      roleARN: Self.role, functionARN: "arn:f:7", manifest: S3Location(bucket: "r", key: "m"),
      report: S3Location(bucket: "r", key: "p"), partition: "aws", with: fixture.client)
    #expect(check.problems.isEmpty)
    #expect(check.notes.count == 1)
  }
}
