import Foundation
import JSON
import OperationsSupport
import TestSupport
import Testing

@testable import inferencectl

@Suite struct VersioningCommandTests {
  private let lambda: ScriptedLambda

  init() throws {
    lambda = try ScriptedLambda { state in
      for number in 1...6 { state.publish("\(number)", codeSHA256: "code-\(number)") }
      state.latest.codeSHA256 = "code-6"
      state.aliases["live"] = .init("5", description: "Breeds [previous: 5←4]")
    }
  }

  private func run(_ arguments: String..., answer: String? = nil) -> CommandRun {
    CommandRun(
      arguments + ["--function-name", "photo-classifier"], url: lambda.baseURL, answer: answer,
      clock: makeClock().0)
  }

  @Test func showPrintsTrafficAndPreviousVersion() {
    let shown = run("alias", "show")
    #expect(
      shown.output == """
        ALIAS  TRAFFIC    PREVIOUS  PROVISIONED  DESCRIPTION
        live   version 5  4         -            Breeds

        """)
  }

  @Test func environmentsThatAKilledRollbackRemovedAreShownUntilARollbackRestoresThem() throws {
    lambda.change {
      $0.aliases["live"]?.description = "Breeds [rolled back: 5←6; deprovisioned: 3]"
    }
    let shown = run("alias", "show")
    #expect(
      shown.errors == """
        Note: 3 provisioned environments of live were removed by a rollback or a move that still runs or was \
        interrupted. The next deploy or alias rollback restores them; to restore them now: inferencectl \
        concurrency provision 3 --qualifier live --function-name photo-classifier

        """)
    let json = try JSONValue(parsing: run("alias", "show", "--output", "json").output)
    #expect(json.arrayValue?.first?["missingProvisioned"] == 3)
    let again = run("alias", "rollback")
    #expect(
      again.errors
        == "Note: 3 environments of live are provisioned again, which an interrupted run had removed\n"
    )
    #expect(again.output == "live: already rolled back, it is at version 5\n")
    #expect(lambda.state.provisioned["live"]?.requested == 3)
    #expect(run("alias", "show").errors == "")
  }

  @Test func deprovisioningIsNotUndoneByTheNextDeployment() {
    lambda.change { $0.aliases["live"]?.description = "Breeds [previous: 5←4; deprovisioned: 3]" }
    #expect(
      run("concurrency", "deprovision", "--qualifier", "live").output
        == "photo-classifier:live has no provisioned concurrency\n")
    #expect(lambda.state.aliases["live"]?.description == "Breeds [previous: 5←4]")
  }

  @Test func shiftPromoteAndRollbackPrintTheTraffic() {
    #expect(
      run("alias", "shift", "--to", "6", "--weight", "0.1").output
        == "live: goes from version 5 to version 5 (90 %) and version 6 (10 %)\n")
    #expect(
      run("alias", "promote").output
        == "live: goes from version 5 (90 %) and version 6 (10 %) to version 6\n")
    #expect(run("alias", "rollback").output == "live: goes from version 6 to version 5\n")
    let again = run("alias", "rollback")
    #expect(again.status == 0)
    #expect(again.output == "live: already rolled back, it is at version 5\n")
  }

  @Test(arguments: ["10%", "0.1"])
  func weightIsAFractionOrAPercentage(weight: String) {
    #expect(
      run("alias", "shift", "--to", "6", "--weight", weight).output
        == "live: goes from version 5 to version 5 (90 %) and version 6 (10 %)\n")
  }

  @Test(arguments: [("2%", 0.02), ("0.02", 0.02), ("100%", 1)])
  func toleratedFailuresAreAFractionOrAPercentage(share: String, value: Double) throws {
    let deploy = try DeployCommand.parse([
      "a.zip", "--function-name", "f", "--max-errors", share,
    ])
    #expect(deploy.limits.limits.maximumErrorShare == value)
  }

  @Test func changeOfAProvisionedAliasIsWaitedFor() {
    lambda.change { $0.provisioned["live"] = .init(2) }
    let pointed = run("alias", "point", "--to", "6")
    #expect(pointed.status == 0)
    #expect(pointed.output == "live: version 6 has all traffic, 2 provisioned and ready\n")
    #expect(
      pointed.errors.contains(
        "live: goes from version 5 to version 6 (0 %) and version 5 (100 %)\n"))
    #expect(lambda.state.aliases["live"]?.weights == [:])
  }

  @Test func jsonGoesToStandardOutputAlone() throws {
    let run = run("alias", "point", "--to", "6", "--output", "json")
    let json = try JSONValue(parsing: run.output)
    #expect(json["after"]?["version"] == "6")
    #expect(json["changed"] == true)
  }

  @Test(arguments: [
    ["alias", "shift", "--to", "6", "--weight", "1"], ["alias", "shift", "--to", "6"],
    ["alias", "shift", "--to", "6", "--weight", "10"],
    ["alias", "shift", "--to", "6", "--weight", "100%"],
    ["versions", "prune"], ["versions", "prune", "--keep", "-1"],
    ["deploy", "a.zip", "--canary", "10%"],
    ["deploy", "a.zip", "--canary", "10%:5m", "--linear", "10%:1m"],
    ["deploy", "a.zip", "--move-provisioned"], ["deploy", "a.zip", "--max-errors", "2"],
    ["deploy", "a.zip", "--max-errors", "0%"],
    ["deploy", "a.zip", "--max-p99", "0"], ["deploy", "a.zip", "--max-p99", "inf"],
    ["deploy", "a.zip", "--max-p99", "1e300"],
    ["deploy", "a.zip", "--on-stop", "continue"],
  ])
  func wrongUsageIsStatus2(arguments: [String]) {
    let run = CommandRun(arguments + ["--function-name", "f"], url: lambda.baseURL)
    #expect(run.status == 2)
    #expect(lambda.calls == [])
  }

  @Test(
    arguments: [["--alarm", "errors"], ["--max-p99", "500"]],
    [[], ["--canary", "10%:5m", "--no-watch"], ["--bake", "2m", "--no-watch"]])
  func guardThatNothingWouldMonitorIsRejected(guarding: [String], traffic: [String]) {
    let run = CommandRun(
      ["deploy", "a.zip", "--function-name", "f"] + guarding + traffic, url: lambda.baseURL)
    #expect(run.status == 2)
    #expect(
      run.errors.hasPrefix(
        "Error: \(guarding[0]) requires --canary, --linear, or --bake, without --no-watch: otherwise "
          + "nothing is monitored."))
    #expect(lambda.calls == [])
  }

  @Test func publishReportsThatNothingChanged() {
    #expect(
      run("versions", "publish").output
        == "version 6: already published, code and configuration are the same\n")
  }

  @Test func pruneAsksBeforeItDeletes() {
    let refused = run("versions", "prune", "--keep", "2")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("Delete versions 1, 2, 3 of photo-classifier"))
    #expect(lambda.writes == [])
    #expect(run("versions", "prune", "--keep", "2", answer: "n").status == 1)
    #expect(run("versions", "prune", "--keep", "2", answer: "y").status == 0)
    #expect(lambda.state.versions.map(\.number) == ["4", "5", "6"])
  }

  @Test func dryRunPrintsWhatWouldBeSent() {
    let run = run("alias", "point", "--to", "6", "--dry-run")
    #expect(run.output.contains("would send UpdateAlias photo-classifier:live"))
    #expect(run.output.hasSuffix("live: would go from version 5 to version 6\n"))
    #expect(lambda.writes == [])
  }

  @Test(arguments: [
    (["alias", "point", "--to", "6"], ["UpdateAlias photo-classifier:live"]),
    (["alias", "shift", "--to", "6", "--weight", "0.1"], ["UpdateAlias photo-classifier:live"]),
    (["alias", "rollback"], ["UpdateAlias photo-classifier:live"]),
    (["alias", "point", "--to", "5"], []),
    (["versions", "publish"], ["PublishVersion photo-classifier"]),
    (
      ["versions", "prune", "--keep", "3"],
      [
        "DeleteFunction photo-classifier:1", "DeleteFunction photo-classifier:2",
        "DeleteFunction photo-classifier:3",
      ]
    ),
  ])
  func dryRunAsJSONIsOneDocumentWithTheWrites(arguments: [String], operations: [String]) throws {
    let run = CommandRun(
      arguments + ["--function-name", "photo-classifier", "--dry-run", "--output", "json"],
      url: lambda.baseURL, clock: makeClock().0)
    #expect(try plannedOperations(run) == operations)
    #expect(lambda.writes == [])
  }

  @Test func dryRunOfPromoteAsJSONIsOneDocument() throws {
    let shift = run("alias", "shift", "--to", "6", "--weight", "0.1")
    #expect(shift.status == 0)
    let promotion = run("alias", "promote", "--dry-run", "--output", "json")
    #expect(try plannedOperations(promotion) == ["UpdateAlias photo-classifier:live"])
    #expect(lambda.state.aliases["live"]?.version == "5")
  }

  @Test func zipGoesThroughTheBucketThatIsGiven() throws {
    let zip = try TemporaryFile("PK\u{3}\u{4} new code")
    let run = run(
      "deploy", zip.path, "--s3-bucket", "code", "--dry-run", "--output", "json")
    #expect(
      try plannedOperations(run).prefix(2).map { String($0.prefix(40)) } == [
        "PutObject s3://code/inferencectl/photo-c", "UpdateFunctionCode photo-classifier",
      ])
    let update = try JSONValue(parsing: run.output)["writes"]?[1]?["body"]
    #expect(update?["S3Bucket"] == "code")
    #expect(update?["S3Key"]?.stringValue?.hasPrefix("inferencectl/photo-classifier/") == true)
    #expect(update?["ZipFile"] == nil)
  }

  @Test func dryRunOfADeploymentIsOneDocument() throws {
    let zip = try TemporaryFile("PK\u{3}\u{4} new code")
    let run = run("deploy", zip.path, "--canary", "10%:5m", "--dry-run", "--output", "json")
    #expect(
      try plannedOperations(run) == [
        "UpdateFunctionCode photo-classifier", "PublishVersion photo-classifier",
        "UpdateAlias photo-classifier:live", "UpdateAlias photo-classifier:live",
      ])
    #expect(try JSONValue(parsing: run.output)["version"] == "7")
    #expect(run.errors.contains("Dry run: would publish version 7 (estimated)"))
    #expect(lambda.writes == [])
  }

  @Test func deployAnswersWithJSON() throws {
    let zip = try TemporaryFile("PK\u{3}\u{4} new code")
    let run = run("deploy", zip.path, "--output", "json")
    #expect(run.status == 0)
    let json = try JSONValue(parsing: run.output)
    #expect(json["version"] == "7")
    #expect(json["previous"] == "5")
    #expect(run.errors.contains("version 7: published"))
  }

  @Test func missingZipIsStatus1() {
    let run = run("deploy", "/nowhere/bootstrap.zip")
    #expect(run.status == 1)
    #expect(run.errors.contains("build-zip.sh"))
  }
}
