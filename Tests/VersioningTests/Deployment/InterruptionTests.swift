import AWSControl
import Versioning
import OperationsSupport
import Testing

@Suite struct InterruptionTests {
  @Test func ctrlCReportsTheStateAndTheNextRunResumesThere() throws {
    let deploy = try DeployFixture { $0.provisioned["5"] = .init(3) }
    let stopped = try #require(
      deploy.failure(interruptedAfter: 100_000) { $0.traffic = .tenPercent } as? DeploymentStopped)
    #expect(stopped.cause is Interrupted)
    #expect(
      stopped.message == """
        Interrupted while waiting for version 6 to pass. Version 6 is published; version 6 has provisioned \
        concurrency, which is billed; alias live is at version 5 (90 %) and version 6 (10 %). To resume, \
        run the same command again. To roll back: inferencectl alias rollback --function-name photo-classifier
        """)
    let before = deploy.lambda.writes.count
    try deploy.run { $0.traffic = .tenPercent }
    #expect(
      deploy.lambda.writes.dropFirst(before) == [
        "PublishVersion", "UpdateAlias live", "DeleteProvisionedConcurrencyConfig 5",
      ])
    #expect(deploy.live?.version == "6")
    #expect(deploy.live?.description == "Breeds [previous: 5]")
  }

  @Test func linearResumesAtItsStep() throws {
    let deploy = try DeployFixture()
    let linear: (inout Deployment.Request) -> Void = {
      $0.traffic = .linear(TrafficStep(share: 0.25, hold: Interval(milliseconds: 60_000)))
    }
    _ = deploy.failure(interruptedAfter: 90_000, linear)
    #expect(deploy.shares == [0.25, 0.5])
    try deploy.run(linear)
    #expect(deploy.shares == [0.25, 0.5, 0.75, 0])
  }

  @Test func beforeAnythingWasDoneThereIsNothingToSay() throws {
    let deploy = try DeployFixture { $0.latest.looksLeft = 100 }
    #expect(deploy.failure(interruptedAfter: 3_000) is Interrupted)
    #expect(deploy.lambda.writes == [])
  }

  @Test func stateBetweenUploadAndVersionIsReported() throws {
    let deploy = try DeployFixture { $0.updateLooks = 100 }
    let stopped = try #require(deploy.failure(interruptedAfter: 3_000) as? DeploymentStopped)
    #expect(stopped.state.hasPrefix("The code is uploaded but not published"))
    deploy.lambda.change { $0.latest.looksLeft = 0 }
    try deploy.run()
    #expect(deploy.lambda.writes.filter { $0 == "UpdateFunctionCode" }.count == 1)
  }

  @Test func oldVersionsEnvironmentsAreReleasedAlsoByALaterRun() throws {
    let deploy = try DeployFixture { $0.provisioned["5"] = .init(3) }
    _ = deploy.failure(interruptedAfter: 30_000) { $0.bake = Interval(milliseconds: 60_000) }
    #expect(deploy.live?.version == "6")
    #expect(Set(deploy.lambda.state.provisioned.keys) == ["5", "6"])
    try deploy.run()
    #expect(Set(deploy.lambda.state.provisioned.keys) == ["6"])
  }
}
