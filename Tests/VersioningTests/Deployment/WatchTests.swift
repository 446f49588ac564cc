import AWSControl
import OperationsSupport
import TestSupport
import Testing
import Versioning

/// What a watch does when something else than the version fails.
@Suite struct WatchTests {
  private static let outage = ScriptedServer.Answer(500, body: "{}")

  /// CloudWatch fails for a number of calls, each of which is tried eight times, after the check.
  private func failCloudWatch(_ deploy: DeployFixture, calls: Int) {
    deploy.lambda.change { state in
      state.interference = [
        .init(before: "UpdateAlias") {
          $0.faults["GetMetricData"] = Array(repeating: Self.outage, count: 8 * calls)
        }
      ]
    }
  }

  @Test func outageOfTheMetricsIsWaitedOut() throws {
    let deploy = try DeployFixture()
    failCloudWatch(deploy, calls: 4)
    try deploy.run { $0.traffic = .tenPercent }
    #expect(deploy.live?.version == "6")
    #expect(deploy.warned.all.contains { $0.contains("keeps its traffic, waiting for metrics") })
    #expect(deploy.said.all.contains("CloudWatch and Lambda respond again"))
  }

  @Test func stepDoesNotPassWithoutMetricsAndIsRolledBackInTheEnd() throws {
    let deploy = try DeployFixture()
    failCloudWatch(deploy, calls: 1_000)
    let failure = try #require(deploy.failure { $0.traffic = .tenPercent } as? RolledBack)
    #expect(failure.complaint.hasPrefix("No metrics for 3"), "\(failure)")
    #expect(deploy.shares == [0.1, 0])
    #expect(deploy.live?.version == "5")
    #expect(deploy.live?.description == "Breeds [previous: 5←4; rolled back: 5←6]")
  }

  @Test func internalErrorOfAMetricIsAnOutage() throws {
    let deploy = try DeployFixture()
    let broken = ScriptedServer.Answer(
      200,
      body:
        #"{"MetricDataResults":[{"Id":"newInvocations","StatusCode":"InternalError","Timestamps":[],"Values":[]}]}"#
    )
    deploy.lambda.change { state in
      state.interference = [
        .init(before: "UpdateAlias") { $0.faults["GetMetricData"] = [broken] }
      ]
    }
    try deploy.run { $0.traffic = .tenPercent }
    #expect(deploy.warned.all.contains { $0.contains("CloudWatch: InternalError") })
  }

  @Test func missingPermissionIsFoundBeforeTheUpload() throws {
    let deploy = try DeployFixture {
      $0.faults["GetMetricData"] = [
        .init(403, [("x-amzn-ErrorType", "AccessDeniedException")], body: "{}")
      ]
    }
    #expect(deploy.failure { $0.traffic = .tenPercent } != nil)
    #expect(deploy.lambda.writes == [])
  }

  @Test func someoneElsesMoveEndsTheWatchWithTheTruth() throws {
    let deploy = try DeployFixture()
    deploy.lambda.change { $0.moveShareDuringWatch() }
    let failure = try #require(deploy.failure { $0.traffic = .tenPercent } as? TrafficTakenOver)
    #expect(
      failure.state == """
        Alias live was moved by someone else: this deployment had sent the traffic to version 5 (90 %) and \
        version 6 (10 %), now it is at version 5 (50 %) and version 6 (50 %), and was left there. Version 6 \
        is not proven and no longer watched. To take its traffic away: inferencectl alias rollback --to 5 \
        --function-name photo-classifier
        """)
    #expect(deploy.live?.weights == ["6": 0.5])
  }

  @Test func readThatIsOlderThanTheOwnWriteIsNoMove() throws {
    let deploy = try DeployFixture()
    let late =
      #"{"Name":"live","FunctionVersion":"5","Description":"Breeds [previous: 5←4]","RevisionId":"revision-1"}"#
    deploy.lambda.change { state in
      state.interference = [
        .init(before: "UpdateAlias") { $0.faults["GetAlias"] = [.init(200, body: late)] }
      ]
    }
    try deploy.run { $0.traffic = .tenPercent }
    #expect(deploy.live?.version == "6")
  }

  // MARK: The automatic rollback

  private func bad(_ change: @escaping (inout ScriptedLambda.State) -> Void = { _ in }) throws
    -> DeployFixture
  {
    try DeployFixture { state in
      var bad = ScriptedTraffic(100)
      bad.errorsPerMinute = 100
      state.setTraffic(["5": .old(900), "6": bad])
      change(&state)
    }
  }

  private static let conflict = ScriptedServer.Answer(
    409, [("x-amzn-ErrorType", "ResourceConflictException")], body: "{}")

  private static let denials = Array(
    repeating: ScriptedServer.Answer(
      403, [("x-amzn-ErrorType", "AccessDeniedException")], body: "{}"), count: 100)

  /// Faults of UpdateAlias from the second one on.
  private func failSecondUpdate(_ deploy: DeployFixture, _ faults: [ScriptedServer.Answer]) {
    deploy.lambda.change { state in
      state.interference = [
        .init(before: "GetMetricData") { state in
          state.interference = [
            .init(before: "GetMetricData") { $0.faults["UpdateAlias"] = faults }
          ]
        }
      ]
    }
  }

  @Test func conflictsAndThrottlingDelayTheRollback() throws {
    let deploy = try bad()
    failSecondUpdate(
      deploy,
      Array(repeating: Self.conflict, count: 30)
        + Array(repeating: .throttled(retryAfterSeconds: 1), count: 12))
    #expect(deploy.failure { $0.traffic = .tenPercent } is RolledBack)
    #expect(deploy.live?.version == "5")
    #expect(deploy.live?.weights == [:])
  }

  @Test(arguments: [
    Array(repeating: Self.conflict, count: 5),
    Array(repeating: .throttled(retryAfterSeconds: 1), count: 12),
  ])
  func ctrlCDuringTheRollbackDoesNotEndIt(faults: [ScriptedServer.Answer]) throws {
    let deploy = try bad()
    failSecondUpdate(deploy, faults)
    deploy.interruptingStatuses.add(faults[0].status)
    let failure = deploy.failure { $0.traffic = .tenPercent }
    #expect(failure is RolledBack, "\(failure.map { "\($0)" } ?? "")")
    #expect(deploy.live?.weights == [:])
  }

  @Test func rollbackThatFailsKeepsTheComplaintAndNeverSuggestsToGoOn() throws {
    let deploy = try bad()
    failSecondUpdate(deploy, Self.denials)
    let failure = try #require(deploy.failure { $0.traffic = .tenPercent } as? RollbackFailed)
    #expect(failure.message.contains("all 100 invocations failed"), "\(failure)")
    #expect(failure.message.contains("AccessDeniedException"))
    #expect(
      failure.message.hasSuffix(
        "Alias live is at version 5 (90 %) and version 6 (10 %), version 6 must not keep it. To roll back: "
          + "inferencectl alias rollback --to 5 --function-name photo-classifier"))
    #expect(!failure.message.contains("same command again"))
    deploy.lambda.change { $0.faults = [:] }
    #expect(deploy.failure { $0.traffic = .tenPercent } is RolledBack)
    #expect(deploy.live?.weights == [:])
  }

  @Test func provisionedConcurrencyOfTheAliasIsRestoredAlsoWhenTheRollbackFails() throws {
    let deploy = try bad { $0.provisioned["live"] = .init(3) }
    deploy.lambda.change { state in
      state.interference = [
        .init(before: "DeleteProvisionedConcurrencyConfig") {
          $0.faults["UpdateAlias"] = Self.denials
        }
      ]
    }
    let failure = deploy.failure { $0.bake = Interval(milliseconds: 300_000) }
    #expect(failure is RollbackFailed)
    #expect(deploy.lambda.state.provisioned["live"]?.requested == 3)
    #expect(
      deploy.warned.all.last?.contains("still records its 3 provisioned environments") == true,
      "\(deploy.warned.all)")
  }

  @Test func provisionedConcurrencyThatCannotBeRecordedIsNotRemoved() throws {
    let deploy = try bad { $0.provisioned["live"] = .init(3) }
    failSecondUpdate(deploy, Self.denials)
    let failure = deploy.failure { $0.bake = Interval(milliseconds: 300_000) }
    #expect(failure is RollbackFailed)
    #expect(!deploy.lambda.writes.contains("DeleteProvisionedConcurrencyConfig live"))
    #expect(deploy.warned.all == [])
  }

  @Test func rollbackByAnotherOperatorIsAccepted() throws {
    let deploy = try bad()
    deploy.lambda.change { state in
      state.interference = [
        .init(before: "UpdateAlias") { state in
          state.interference = [
            .init(before: "GetMetricData") { state in
              state.interference = [
                .init(before: "GetAlias") {
                  $0.aliases["live"]?.weights = [:]
                  $0.aliases["live"]?.revision = "theirs"
                }
              ]
            }
          ]
        }
      ]
    }
    let failure = try #require(deploy.failure { $0.traffic = .tenPercent } as? RolledBack)
    #expect(failure.state.hasPrefix("Someone else has already taken the traffic away"))
    #expect(deploy.live?.description.contains("failed: ") == true)
  }

  // MARK: Alarms and other metrics

  @Test func alarmThatRingsTakesTheShareAway() throws {
    let deploy = try DeployFixture { $0.alarms["errors"] = "OK" }
    deploy.lambda.change { state in
      state.interference = [.init(before: "UpdateAlias") { $0.alarms["errors"] = "ALARM" }]
    }
    let failure = try #require(
      deploy.failure {
        $0.traffic = .tenPercent
        $0.alarms = ["errors"]
      } as? RolledBack)
    #expect(failure.complaint == "version 6: alarm errors is in the state ALARM")
  }

  @Test(arguments: [("ALARM", "is in the state ALARM already"), ("", "There is no alarm errors")])
  func alarmThatRingsAlreadyOrIsNotThereIsRefused(state: String, text: String) throws {
    let deploy = try DeployFixture { if !state.isEmpty { $0.alarms["errors"] = state } }
    let failure = deploy.failure {
      $0.traffic = .tenPercent
      $0.alarms = ["errors"]
    }
    #expect("\(failure.map { "\($0)" } ?? "")".contains(text))
    #expect(deploy.lambda.writes == [])
  }

  @Test func imagesThatFailAreFailuresAlsoWhenLambdaSeesNoErrors() throws {
    var bad = ScriptedTraffic(100)
    bad.failuresPerMinute = 20
    var old = ScriptedTraffic.old(900)
    old.failuresPerMinute = 9
    let deploy = try DeployFixture { [bad, old] in $0.setTraffic(["5": old, "6": bad]) }
    let failure = try #require(deploy.failure { $0.traffic = .tenPercent } as? RolledBack)
    #expect(failure.complaint.contains("images failed; version 5: "), "\(failure)")
  }

  /// Metrics that do not know versions: none before, nine of a hundred a minute since.
  @Test(arguments: [
    ("Images", "Failures", "images of the endpoint failed, in the hour before 0 of 6000"),
    ("UrlRequestCount", "Url5xxCount", "had status 5xx, in the hour before 0 of 6000"),
  ])
  func defectsOfTheAliasAsAWholeAreComparedWithTheHourBefore(
    total: String, defect: String, text: String
  ) throws {
    let deploy = try DeployFixture { state in
      let traffic: [String: ScriptedTraffic] = ["5": .old(900), "6": ScriptedTraffic(100)]
      state.metrics = { question, _ in
        let minutes = Int((question.end - ScriptedTraffic.beginning) / 60)
        if question.dimensions["ExecutedVersion"] == nil, question.name == total {
          return Array(repeating: 100, count: minutes + 60)
        }
        if question.dimensions["ExecutedVersion"] == nil, question.name == defect {
          return Array(repeating: 9, count: minutes)
        }
        return traffic[question.dimensions["ExecutedVersion"] ?? ""]?.values(question) ?? []
      }
    }
    let failure = try #require(deploy.failure { $0.traffic = .tenPercent } as? RolledBack)
    #expect(failure.complaint.contains(text), "\(failure)")
  }
}
