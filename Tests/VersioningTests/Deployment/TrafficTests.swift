import AWSControl
import Versioning
import OperationsSupport
import Testing

@Suite struct TrafficTests {
  @Test func allAtOnceUploadsPublishesAndPoints() throws {
    let deploy = try DeployFixture()
    let outcome = try deploy.run()
    #expect(outcome.version == "6")
    #expect(outcome.previous == "5")
    #expect(outcome.isChanged)
    #expect(deploy.lambda.writes == ["UpdateFunctionCode", "PublishVersion", "UpdateAlias live"])
    #expect(deploy.live?.version == "6")
    #expect(deploy.live?.weights == [:])
    #expect(deploy.live?.description == "Breeds [previous: 6←5]")
  }

  @Test func canaryGivesAShareForFiveMinutesAndThenAll() throws {
    let deploy = try DeployFixture()
    try deploy.run { $0.traffic = .tenPercent }
    #expect(deploy.shares == [0.1, 0])
    #expect(deploy.sleeps.all.reduce(0, +) >= 300_000)
    #expect(deploy.live?.version == "6")
    #expect(
      deploy.said.all.contains(
        "version 6: pass: 0 of 600 invocations failed (at most 0.7 %, limit 1 %; version 5: 0 of 5400 in the "
          + "same minutes), p99 190 ms (version 5: 190 ms)"))
  }

  @Test func linearGoesByEqualSteps() throws {
    let deploy = try DeployFixture()
    try deploy.run {
      $0.traffic = .linear(TrafficStep(share: 0.25, hold: Interval(milliseconds: 300_000)))
    }
    #expect(deploy.shares == [0.25, 0.5, 0.75, 0])
  }

  @Test func firstDeploymentMakesTheAlias() throws {
    let deploy = try DeployFixture { $0.aliases = [:] }
    let outcome = try deploy.run { $0.traffic = .tenPercent }
    #expect(outcome.previous == nil)
    #expect(deploy.lambda.writes.last == "CreateAlias")
    #expect(deploy.live?.version == "6")
  }

  @Test func whatIsLiveAlreadyIsNotDeployedAgain() throws {
    let deploy = try DeployFixture()
    try deploy.run()
    let before = deploy.lambda.writes.count
    let outcome = try deploy.run { $0.traffic = .tenPercent }
    #expect(outcome.isChanged == false)
    #expect(deploy.lambda.writes.dropFirst(before) == ["PublishVersion"])
  }

  @Test func versionThatFailsLosesItsShareAndItsCodeIsMarked() throws {
    var bad = ScriptedTraffic(100)
    bad.errorsPerMinute = 7
    let deploy = try DeployFixture { $0.setTraffic(["5": .old(900), "6": bad]) }
    let failure = try #require(deploy.failure { $0.traffic = .tenPercent } as? RolledBack)
    #expect(
      failure.complaint
        == "version 6: 21 of 300 invocations failed; version 5: 0 of 2700 in the same minutes")
    #expect(failure.state.contains("its code is marked as failed"))
    #expect(deploy.live?.version == "5")
    #expect(deploy.live?.weights == [:])
    #expect(
      deploy.live?.description
        == "Breeds [previous: 5←4; rolled back: 5←6; failed: \(DeployFixture.codeMark)]")
    #expect(deploy.shares == [0.1, 0])
    let again = deploy.failure { $0.traffic = .tenPercent }
    #expect("\(again.map { "\($0)" } ?? "")".contains("add --force"))
    #expect(deploy.shares == [0.1, 0])
  }

  @Test func markedCodeThatIsForcedAndPassesIsNotMarkedAnyMore() throws {
    let deploy = try DeployFixture {
      $0.aliases["live"]?.description = "[previous: 5←4; failed: \(DeployFixture.codeMark)]"
    }
    try deploy.run {
      $0.traffic = .tenPercent
      $0.force = true
    }
    #expect(deploy.live?.description == "[previous: 6←5]")
  }

  @Test func versionThatFailsWhileItIsWatchedAfterwardsIsTakenBack() throws {
    var bad = ScriptedTraffic(1_000)
    bad.errorsPerMinute = 30
    let deploy = try DeployFixture { $0.setTraffic(["5": .old(900), "6": bad]) }
    let failure = deploy.failure { $0.bake = Interval(milliseconds: 300_000) }
    #expect(failure is RolledBack)
    #expect(deploy.live?.version == "5")
    #expect(
      deploy.live?.description
        == "Breeds [previous: 5←4; rolled back: 5←6; failed: \(DeployFixture.codeMark)]")
  }

  @Test func watchedVersionIsMarkedUntilItHasPassed() throws {
    let deploy = try DeployFixture()
    try deploy.run {
      $0.traffic = .tenPercent
      $0.bake = Interval(milliseconds: 120_000)
    }
    let written = deploy.lambda.calls.filter { $0.operation == "UpdateAlias" }
      .compactMap { $0.body["Description"]?.stringValue }
    #expect(
      written == [
        "Breeds [previous: 5←4; watching: 6 since 2023-11-14T22:13Z]",
        "Breeds [previous: 6←5; watching: 6 since 2023-11-14T22:13Z]",
        "Breeds [previous: 6←5]",
      ])
  }

  @Test func stepWithoutTrafficHoldsAndReportsTheSampleThatIsNeeded() throws {
    let deploy = try DeployFixture { $0.setTraffic(["5": .old(9), "6": ScriptedTraffic(1)]) }
    let failure = try #require(deploy.failure { $0.traffic = .tenPercent } as? Unproven)
    #expect(failure.state.contains("Version 6 is not proven: 3"))
    #expect(failure.state.contains("more invocations without a failure are needed, about"))
    #expect(failure.state.contains("live stays at version 5 (90 %) and version 6 (10 %)"))
    #expect(deploy.shares == [0.1])
    try deploy.run {
      $0.traffic = .tenPercent
      $0.allowsUnproven = true
    }
    #expect(deploy.live?.version == "6")
    #expect(deploy.warned.all.last?.contains("accepted (--allow-unproven)") == true)
  }

  @Test func someoneElsesMoveIsNotOverwritten() throws {
    let deploy = try DeployFixture { state in
      state.interference = [
        .init(before: "UpdateAlias") {
          $0.aliases["live"]?.version = "4"
          $0.aliases["live"]?.revision = "somebody"
        }
      ]
    }
    let failure = try #require(deploy.failure() as? DeploymentStopped)
    #expect(failure.cause is AliasMoved)
    #expect(failure.message.contains("was at version 5, now it is at version 4"))
    #expect(deploy.live?.version == "4")
  }

  @Test func anotherDeploymentsSharesAreRefusedBeforeTheUpload() throws {
    let deploy = try DeployFixture { $0.aliases["live"]?.weights = ["4": 0.2] }
    let failure = deploy.failure()
    #expect("\(failure.map { "\($0)" } ?? "")".contains("which belongs to another deployment"))
    #expect(deploy.lambda.writes == [])
  }
}
