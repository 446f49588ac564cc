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
    #expect(deploy.live?.description == "Breeds [previous: 5]")
  }

  @Test func canaryGivesAShareForFiveMinutesAndThenAll() throws {
    let deploy = try DeployFixture()
    try deploy.run { $0.traffic = .tenPercent }
    #expect(deploy.shares == [0.1, 0])
    #expect(deploy.sleeps.all.reduce(0, +) >= 300_000)
    #expect(deploy.live?.version == "6")
    #expect(
      deploy.said.all.contains(
        "version 6: 40 invocations, 0 errors, 0 throttles, p99 211 ms (before: 208 ms)"))
  }

  @Test func linearGoesByEqualSteps() throws {
    let deploy = try DeployFixture()
    try deploy.run {
      $0.traffic = .linear(TrafficStep(share: 0.25, hold: Interval(milliseconds: 60_000)))
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

  @Test(arguments: [
    ("Errors", "1 of 40 invocations failed (2.5 %, the limit is 1 %)", [1.0]),
    ("Throttles", "2 invocations were throttled, the limit is 0", [2.0]),
    (
      "Duration",
      "p99 duration is 400 ms, the limit is 1.5 times the old "
        + "version's 208 ms", [400.0]
    ),
  ])
  func newVersionThatDoesNotPassLosesItsShare(
    metric: String, complaint: String, values: [Double]
  ) throws {
    let deploy = try DeployFixture { state in
      state.metrics = { question, state in
        question.name == metric && question.dimensions["ExecutedVersion"] == "6"
          ? values : DeployFixture.healthy(question, state)
      }
    }
    let failure = try #require(deploy.failure { $0.traffic = .tenPercent } as? RolledBack)
    #expect(failure.complaint == "version 6: \(complaint)")
    #expect(deploy.live?.version == "5")
    #expect(deploy.live?.weights == [:])
    #expect(deploy.live?.description == "Breeds [previous: 4]")
    #expect(deploy.shares == [0.1, 0])
  }

  @Test func versionThatFailsWhileItIsWatchedAfterwardsIsTakenBack() throws {
    let deploy = try DeployFixture { state in
      state.metrics = { question, state in
        question.name == "Errors" && state.aliases["live"]?.version == "6"
          ? [30] : DeployFixture.healthy(question, state)
      }
    }
    let failure = deploy.failure { $0.bake = Interval(milliseconds: 120_000) }
    #expect(failure is RolledBack)
    #expect(deploy.live?.version == "5")
    #expect(deploy.live?.description == "Breeds [previous: 4]")
  }

  @Test func stepWithoutTrafficPassesWithAWarningUnlessAMinimumIsSet() throws {
    let deploy = try DeployFixture { $0.metrics = { _, _ in [] } }
    let failure = deploy.failure {
      $0.traffic = .tenPercent
      $0.limits.minimumInvocations = 10
    }
    #expect(
      "\(failure.map { "\($0)" } ?? "")".contains("0 invocations in 5 min, the minimum is 10"))
    try deploy.run { $0.traffic = .tenPercent }
    #expect(deploy.live?.version == "6")
    #expect(deploy.warned.all.last?.contains("health unverified (no invocations in 5 min)") == true)
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
    #expect(failure.cause is Refusal)
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
