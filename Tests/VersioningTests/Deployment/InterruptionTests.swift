import AWSControl
import Versioning
import OperationsSupport
import Testing

@Suite struct InterruptionTests {
  @Test func ctrlCTakesTheShareAway() throws {
    let deploy = try DeployFixture { $0.provisioned["5"] = .init(3) }
    let stopped = try #require(
      deploy.failure(interruptedAfter: 100_000) { $0.traffic = .tenPercent } as? RolledBack)
    #expect(
      stopped.message == """
        Rolled back: Interrupted while waiting for version 6 to pass. Alias live is at version 5 again; \
        version 6 stays published; version 6 is no longer provisioned
        """)
    #expect(deploy.live?.weights == [:])
    #expect(deploy.live?.description == "Breeds [previous: 5←4; rolled back: 5←6]")
    #expect(deploy.lambda.state.provisioned == ["5": .init(3)])
    try deploy.run { $0.traffic = .tenPercent }
    #expect(deploy.live?.version == "6")
  }

  @Test func ctrlCWithHoldReportsTheStateAndTheNextRunResumesThere() throws {
    let deploy = try DeployFixture { $0.provisioned["5"] = .init(3) }
    let stopped = try #require(
      deploy.failure(interruptedAfter: 100_000) {
        $0.traffic = .tenPercent
        $0.onStop = .hold
      } as? DeploymentStopped)
    #expect(stopped.cause is Interrupted)
    #expect(
      stopped.message == """
        Interrupted while waiting for version 6 to pass. Version 6 is published; version 6 has provisioned \
        concurrency, which is billed; alias live is at version 5 (90 %) and version 6 (10 %); version 6 is \
        not proven and no longer watched. To resume, run the same command again. To roll back: inferencectl \
        alias rollback --function-name photo-classifier
        """)
    let before = deploy.lambda.writes.count
    try deploy.run { $0.traffic = .tenPercent }
    #expect(
      deploy.lambda.writes.dropFirst(before) == [
        "PublishVersion", "UpdateAlias live", "DeleteProvisionedConcurrencyConfig 5",
      ])
    #expect(deploy.live?.version == "6")
    #expect(deploy.live?.description == "Breeds [previous: 6←5]")
  }

  @Test func linearResumesAtItsStep() throws {
    let deploy = try DeployFixture()
    let linear: (inout Deployment.Request) -> Void = {
      $0.traffic = .linear(TrafficStep(share: 0.25, hold: Interval(milliseconds: 300_000)))
      $0.onStop = .hold
    }
    _ = deploy.failure(interruptedAfter: 450_000, linear)
    #expect(deploy.shares == [0.25, 0.5])
    try deploy.run(linear)
    #expect(deploy.shares == [0.25, 0.5, 0.75, 0])
  }

  @Test func shareThatIsNoStepIsWatchedBeforeItGrows() throws {
    let deploy = try DeployFixture { $0.aliases["live"]?.weights = ["6": 0.6] }
    deploy.lambda.change { state in
      var version = ScriptedLambda.Version(
        number: "6", codeSHA256: DeployFixture.package.codeSHA256)
      version.looksLeft = 0
      state.versions.append(version)
      state.latest.codeSHA256 = version.codeSHA256
    }
    try deploy.run { $0.traffic = .tenPercent }
    #expect(deploy.sleeps.all.reduce(0, +) >= 300_000)
    #expect(deploy.live?.version == "6")
  }

  @Test func shareIsNotPromotedByADeploymentAllAtOnce() throws {
    let deploy = try DeployFixture()
    _ = deploy.failure(interruptedAfter: 100_000) {
      $0.traffic = .tenPercent
      $0.onStop = .hold
    }
    let failure = try #require(deploy.failure() as? Refusal)
    #expect(failure.message.contains("repeat its --canary or --linear"))
    #expect(deploy.shares == [0.1])
  }

  @Test func interruptedBakeIsDoneByTheNextRun() throws {
    let deploy = try DeployFixture()
    let bake: (inout Deployment.Request) -> Void = {
      $0.bake = Interval(milliseconds: 600_000)
      $0.onStop = .hold
    }
    _ = deploy.failure(interruptedAfter: 60_000, bake)
    #expect(deploy.live?.description.contains("watching: 6") == true)
    let before = deploy.sleeps.all.count
    try deploy.run(bake)
    #expect(deploy.sleeps.all.dropFirst(before).reduce(0, +) >= 600_000)
    #expect(deploy.live?.description == "Breeds [previous: 6←5]")
  }

  @Test func badVersionOfAnInterruptedBakeIsTakenBackByTheNextRun() throws {
    let deploy = try DeployFixture()
    let bake: (inout Deployment.Request) -> Void = {
      $0.bake = Interval(milliseconds: 600_000)
      $0.onStop = .hold
    }
    _ = deploy.failure(interruptedAfter: 60_000, bake)
    var bad = ScriptedTraffic(100)
    bad.errorsPerMinute = 100
    deploy.lambda.change { $0.setTraffic(["5": .old(900), "6": bad]) }
    let failure = try #require(deploy.failure(bake) as? RolledBack)
    #expect(failure.complaint.contains("all 100 invocations failed"), "\(failure)")
    #expect(deploy.live?.version == "5")
  }

  @Test func beforeAnythingWasDoneThereIsNothingToSay() throws {
    let deploy = try DeployFixture { $0.latest.looksLeft = 100 }
    #expect(deploy.failure(interruptedAfter: 3_000) is Interrupted)
    #expect(deploy.lambda.writes == [])
  }

  @Test func stateBetweenUploadAndVersionIsReported() throws {
    let deploy = try DeployFixture { $0.updateLooks = 100 }
    let stopped = try #require(deploy.failure(interruptedAfter: 3_000) as? DeploymentStopped)
    #expect(
      stopped.state.hasPrefix(
        "The code is uploaded but not published, and alias live does not use it"))
    deploy.lambda.change { $0.latest.looksLeft = 0 }
    try deploy.run()
    #expect(deploy.lambda.writes.filter { $0 == "UpdateFunctionCode" }.count == 1)
  }

  @Test func oldVersionsEnvironmentsAreReleasedAlsoByALaterRun() throws {
    let deploy = try DeployFixture { $0.provisioned["5"] = .init(3) }
    let bake: (inout Deployment.Request) -> Void = {
      $0.bake = Interval(milliseconds: 300_000)
      $0.onStop = .hold
    }
    _ = deploy.failure(interruptedAfter: 30_000, bake)
    #expect(deploy.live?.version == "6")
    #expect(Set(deploy.lambda.state.provisioned.keys) == ["5", "6"])
    try deploy.run(bake)
    #expect(Set(deploy.lambda.state.provisioned.keys) == ["6"])
  }
}
