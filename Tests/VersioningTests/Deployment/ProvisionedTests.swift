import AWSControl
import JSON
import OperationsSupport
import TestSupport
import Testing
import Versioning

@Suite struct ProvisionedTests {
  @Test func newVersionIsWarmBeforeItGetsAShareAndTheOldOneIsReleasedAtTheEnd() throws {
    let deploy = try DeployFixture { $0.provisioned["5"] = .init(3) }
    try deploy.run { $0.traffic = .tenPercent }
    #expect(
      deploy.lambda.writes == [
        "UpdateFunctionCode", "PublishVersion", "PutProvisionedConcurrencyConfig 6",
        "UpdateAlias live", "UpdateAlias live", "DeleteProvisionedConcurrencyConfig 5",
      ])
    #expect(deploy.lambda.state.provisioned == ["6": .init(3)])
    let calls = deploy.lambda.calls.map(\.description)
    let ready = try #require(calls.lastIndex(of: "GetProvisionedConcurrencyConfig 6"))
    let share = try #require(calls.firstIndex(of: "UpdateAlias live"))
    #expect(ready < share)
  }

  @Test func tooLittleRoomInTheAccountIsRefusedBeforeTheUploadWithoutAReservationToo() throws {
    let deploy = try DeployFixture {
      $0.provisioned["5"] = .init(500)
    }
    try deploy.run(dryRun: true)
    deploy.lambda.change { $0.reservedElsewhere = 450 }
    let failure = try #require(deploy.failure() as? Refusal)
    #expect(failure.message.contains("Provisioning 1000 would leave fewer than 100"))
    #expect(deploy.lambda.writes == [])
  }

  @Test func autoscalingMovesToTheNewVersionWithItsPolicy() throws {
    let policy: JSONValue = [
      "PolicyName": "theirs", "PolicyType": "TargetTrackingScaling",
      "TargetTrackingScalingPolicyConfiguration": [
        "TargetValue": 0.5, "DisableScaleIn": true,
        "PredefinedMetricSpecification": [
          "PredefinedMetricType": "LambdaProvisionedConcurrencyUtilization"
        ],
      ],
    ]
    let (old, new) = ("function:photo-classifier:5", "function:photo-classifier:6")
    let deploy = try DeployFixture {
      $0.provisioned["5"] = .init(3)
      $0.scalableTargets = [old]
      $0.scalingPolicies[old] = [policy]
    }
    try deploy.run()
    #expect(deploy.lambda.state.scalableTargets == [new])
    let moved = deploy.lambda.state.scalingPolicies[new]?.first
    #expect(moved?["PolicyName"] == "theirs")
    let configuration = moved?["TargetTrackingScalingPolicyConfiguration"]
    #expect(configuration?["DisableScaleIn"] == true)
    // The old one first, or it would be provisioned again.
    #expect(
      deploy.lambda.writes.suffix(2) == [
        "DeregisterScalableTarget", "DeleteProvisionedConcurrencyConfig 5",
      ])
    #expect(deploy.lambda.state.provisioned == ["6": .init(3)])
  }

  @Test func autoscalingOfAVersionThatIsRolledBackEnds() throws {
    let old = "function:photo-classifier:5"
    let deploy = try DeployFixture { state in
      state.provisioned["5"] = .init(3)
      state.scalableTargets = [old]
      var bad = ScriptedTraffic(100)
      bad.errorsPerMinute = 20
      state.setTraffic(["5": .old(900), "6": bad])
    }
    #expect(deploy.failure { $0.traffic = .tenPercent } is RolledBack)
    #expect(deploy.lambda.state.scalableTargets == [old])
    #expect(deploy.lambda.state.provisioned == ["5": .init(3)])
  }

  @Test func dryRunPlansTheReleaseOfTheOldVersion() throws {
    let deploy = try DeployFixture { $0.provisioned["5"] = .init(3) }
    try deploy.run(dryRun: true)
    #expect(deploy.said.all.contains("Dry run: version 5: no longer provisioned"))
    #expect(deploy.warned.all.allSatisfy { !$0.contains("uses it") })
  }

  @Test func oldVersionKeepsItsOwnWhenAsked() throws {
    let deploy = try DeployFixture { $0.provisioned["5"] = .init(3) }
    try deploy.run { $0.keepsOldProvisioned = true }
    #expect(Set(deploy.lambda.state.provisioned.keys) == ["5", "6"])
    #expect(deploy.warned.all.last?.contains("billed") == true)
  }

  @Test func oldVersionKeepsItsOwnWhileAnotherAliasUsesIt() throws {
    let deploy = try DeployFixture {
      $0.provisioned["5"] = .init(3)
      $0.aliases["blue"] = .init("4", weights: ["5": 0.5])
    }
    try deploy.run()
    #expect(Set(deploy.lambda.state.provisioned.keys) == ["5", "6"])
    #expect(deploy.warned.all.last?.contains("alias blue uses it") == true)
  }

  @Test(arguments: [
    ("ListAliases", "alias live uses it"),
    ("DeleteProvisionedConcurrencyConfig", "version 5 is provisioned again"),
  ])
  func oldVersionKeepsItsOwnWhenSomeoneElseRollsTheAliasBack(
    operation: String, warning: String
  ) throws {
    let deploy = try DeployFixture { $0.provisioned["5"] = .init(3) }
    deploy.lambda.change { state in
      state.interference = [
        .init(before: operation) {
          $0.aliases["live"] = .init("5", description: "[rolled back: 5←6]")
        }
      ]
    }
    try deploy.run { $0.traffic = .tenPercent }
    #expect(deploy.lambda.state.provisioned["5"]?.requested == 3)
    #expect(deploy.warned.all.last?.contains(warning) == true)
  }

  @Test func failedAllocationLeavesTheTrafficAndReportsTheReason() throws {
    let deploy = try DeployFixture {
      $0.provisioned["5"] = .init(3)
      $0.allocationFailures["6"] = "FUNCTION_ERROR_INIT_FAILURE"
    }
    let failure = try #require(deploy.failure { $0.traffic = .tenPercent } as? RolledBack)
    #expect(failure.message.contains("FUNCTION_ERROR_INIT_FAILURE"))
    #expect(deploy.shares == [])
    #expect(deploy.lambda.state.provisioned == ["5": .init(3)])
  }

  @Test func allocationThatTimesOutIsLeftRunning() throws {
    let deploy = try DeployFixture {
      $0.provisioned["5"] = .init(3)
      $0.allocationLooks = 100_000
    }
    let stopped = try #require(deploy.failure() as? DeploymentStopped)
    #expect(stopped.message.contains("Timed out after 600 s"))
    #expect(deploy.lambda.state.provisioned["6"]?.status == "IN_PROGRESS")
    #expect(deploy.live?.version == "5")
  }

  @Test func versionThatIsRolledBackIsNoLongerProvisioned() throws {
    let deploy = try DeployFixture { state in
      state.provisioned["5"] = .init(3)
      var bad = ScriptedTraffic(100)
      bad.errorsPerMinute = 20
      state.setTraffic(["5": .old(900), "6": bad])
    }
    let failure = deploy.failure { $0.traffic = .tenPercent }
    #expect(failure is RolledBack)
    #expect(deploy.lambda.state.provisioned == ["5": .init(3)])
  }

  @Test func tooFewReservedForBothVersionsIsRefusedBeforeTheUpload() throws {
    let deploy = try DeployFixture {
      $0.provisioned["5"] = .init(3)
      $0.reserved = 5
    }
    let failure = try #require(deploy.failure() as? Refusal)
    #expect(failure.advice.contains("concurrency reserve 6"))
    #expect(deploy.lambda.writes == [])
    deploy.lambda.change { $0.reserved = 6 }
    // Interrupted while the new version's environments are made, then run again.
    #expect(deploy.failure(interruptedAfter: 5_000) is DeploymentStopped)
    try deploy.run()
    #expect(deploy.lambda.state.provisioned == ["6": .init(3)])
  }

  // MARK: On the alias

  @Test func moveOfAnEarlierDeploymentIsWaitedFor() throws {
    let deploy = try DeployFixture { state in
      state.provisioned["live"] = .init(3, status: "IN_PROGRESS")
      state.provisioned["live"]?.looksLeft = 4
      state.aliases["live"]?.weights = ["4": 1]
    }
    try deploy.run()
    #expect(deploy.live?.version == "6")
    #expect(deploy.live?.description == "Breeds [previous: 6←5]")
    #expect(deploy.lambda.state.provisioned == ["live": .init(3)])
  }

  @Test func provisionedAliasTakesNoWeightsSoThatACanaryIsRefusedBeforeTheUpload() throws {
    let deploy = try DeployFixture { $0.provisioned["live"] = .init(3) }
    let failure = try #require(deploy.failure { $0.traffic = .tenPercent } as? Refusal)
    #expect(failure.advice.contains("--move-provisioned"))
    #expect(deploy.lambda.writes == [])
  }

  @Test func provisionedAliasIsMovedByLambdaAndWaitedFor() throws {
    let deploy = try DeployFixture { $0.provisioned["live"] = .init(3) }
    try deploy.run()
    #expect(deploy.lambda.writes == ["UpdateFunctionCode", "PublishVersion", "UpdateAlias live"])
    #expect(deploy.live?.version == "6")
    #expect(deploy.live?.weights == [:])
    #expect(deploy.lambda.state.provisioned == ["live": .init(3)])
  }

  @Test func provisionedAliasThatLambdaCannotMoveGoesBack() throws {
    let deploy = try DeployFixture {
      $0.provisioned["live"] = .init(3)
      $0.allocationFailures["6"] = "FUNCTION_ERROR_INIT_FAILURE"
    }
    let failure = try #require(deploy.failure() as? RolledBack)
    #expect(failure.complaint.contains("FUNCTION_ERROR_INIT_FAILURE"))
    #expect(deploy.live?.version == "5")
    #expect(deploy.live?.weights == [:])
    #expect(deploy.lambda.state.provisioned == ["live": .init(3)])
  }

  @Test func badVersionOfAProvisionedAliasIsLeftAtOnceAndTheAliasProvisionedAgain() throws {
    let deploy = try DeployFixture { state in
      state.provisioned["live"] = .init(3)
      var bad = ScriptedTraffic(100)
      bad.errorsPerMinute = 20
      state.setTraffic(["5": .old(900), "6": bad])
    }
    let failure = deploy.failure { $0.bake = Interval(milliseconds: 300_000) }
    #expect(failure is RolledBack)
    #expect(
      deploy.lambda.writes.suffix(5) == [
        "UpdateAlias live", "DeleteProvisionedConcurrencyConfig live", "UpdateAlias live",
        "PutProvisionedConcurrencyConfig live", "UpdateAlias live",
      ])
    #expect(deploy.live?.version == "5")
    #expect(deploy.live?.weights == [:])
    #expect(
      deploy.live?.description
        == "Breeds [previous: 5←4; rolled back: 5←6; failed: \(DeployFixture.codeMark)]")
  }

  @Test func numberIsRecordedBeforeAnAliasLosesItsEnvironments() throws {
    let deploy = try DeployFixture { state in
      state.provisioned["live"] = .init(3)
      var bad = ScriptedTraffic(100)
      bad.errorsPerMinute = 20
      state.setTraffic(["5": .old(900), "6": bad])
    }
    let seen = Recorder<String>()
    deploy.lambda.change { state in
      state.interference = [
        .init(before: "DeleteProvisionedConcurrencyConfig") {
          seen.add($0.aliases["live"]?.description ?? "")
        }
      ]
    }
    _ = deploy.failure { $0.bake = Interval(milliseconds: 300_000) }
    #expect(seen.all.first?.hasSuffix("; deprovisioned: 3]") == true, "\(seen.all)")
  }

  @Test func whatAKilledRollbackRemovedIsRestoredByTheNextDeployment() throws {
    let deploy = try DeployFixture {
      $0.aliases["live"]?.description = "Breeds [previous: 5←4; deprovisioned: 3]"
    }
    try deploy.run()
    #expect(
      deploy.lambda.writes.prefix(3) == [
        "PutProvisionedConcurrencyConfig live", "UpdateAlias live", "UpdateFunctionCode",
      ])
    #expect(
      deploy.said.all.first == "live: 3 provisioned again, which an interrupted run had removed")
    #expect(deploy.lambda.state.provisioned == ["live": .init(3)])
    #expect(deploy.live?.description == "Breeds [previous: 6←5]")
  }

  @Test func recordOfWhatIsProvisionedAgainIsRemoved() throws {
    let deploy = try DeployFixture {
      $0.aliases["live"]?.description = "Breeds [previous: 5←4; deprovisioned: 3]"
      $0.provisioned["live"] = .init(4)
    }
    try deploy.run()
    #expect(!deploy.lambda.writes.contains("PutProvisionedConcurrencyConfig live"))
    #expect(deploy.lambda.state.provisioned == ["live": .init(4)])
    #expect(deploy.live?.description == "Breeds [previous: 6←5]")
  }

  @Test func environmentsThatCannotBeRestoredDoNotKeepADeploymentFromMendingTheFunction() throws {
    let deploy = try DeployFixture {
      $0.aliases["live"]?.description = "Breeds [previous: 5←4; deprovisioned: 3]"
      $0.faults["PutProvisionedConcurrencyConfig"] = [
        .init(400, [("x-amzn-ErrorType", "InvalidParameterValueException")], body: "{}")
      ]
    }
    try deploy.run()
    #expect(deploy.live?.version == "6")
    #expect(
      deploy.warned.all.first?.hasSuffix(
        "inferencectl concurrency provision 3 --qualifier live --function-name photo-classifier")
        == true, "\(deploy.warned.all)")
    #expect(deploy.live?.description.contains("deprovisioned: 3") == true)
  }

  @Test func provisionedGoesFromTheAliasToTheVersionsInTheOrderThatLambdaTakes() throws {
    let deploy = try DeployFixture { $0.provisioned["live"] = .init(3) }
    try deploy.run {
      $0.traffic = .tenPercent
      $0.movesProvisioned = true
    }
    #expect(
      deploy.lambda.writes.dropFirst(2) == [
        "PutProvisionedConcurrencyConfig 6", "UpdateAlias live",
        "DeleteProvisionedConcurrencyConfig live", "PutProvisionedConcurrencyConfig 5",
        "UpdateAlias live", "UpdateAlias live", "UpdateAlias live",
        "DeleteProvisionedConcurrencyConfig 5",
      ])
    #expect(deploy.live?.description == "Breeds [previous: 6←5]")
    #expect(deploy.lambda.state.provisioned == ["6": .init(3)])
    #expect(deploy.lambda.calls.filter(\.isWrite).allSatisfy { $0.status < 300 })
  }

  @Test func moveThatWasInterruptedHalfwayResumes() throws {
    let deploy = try DeployFixture { $0.provisioned["live"] = .init(3) }
    let move: (inout Deployment.Request) -> Void = {
      $0.traffic = .tenPercent
      $0.movesProvisioned = true
    }
    deploy.lambda.change { state in
      state.interference = [
        .init(before: "DeleteProvisionedConcurrencyConfig") {
          $0.faults["PutProvisionedConcurrencyConfig"] = [
            .init(400, [("x-amzn-ErrorType", "InvalidParameterValueException")], body: "{}")
          ]
        }
      ]
    }
    let failure = try #require(deploy.failure(move) as? DeploymentStopped)
    #expect(failure.state.contains("version 6 has provisioned concurrency, which is billed"))
    #expect(
      deploy.warned.all.last?.hasPrefix(
        "the 3 provisioned environments of alias live are removed and not back yet") == true)
    #expect(Set(deploy.lambda.state.provisioned.keys) == ["6"])
    try deploy.run(move)
    #expect(deploy.lambda.state.provisioned == ["6": .init(3)])
    #expect(deploy.lambda.writes.contains("PutProvisionedConcurrencyConfig 5"))
    #expect(!deploy.lambda.writes.contains("PutProvisionedConcurrencyConfig live"))
    #expect(deploy.live?.version == "6")
    #expect(deploy.live?.description == "Breeds [previous: 6←5]")
  }

  @Test func autoscaledAliasIsNotMoved() throws {
    let deploy = try DeployFixture {
      $0.provisioned["live"] = .init(3)
      $0.scalableTargets = ["function:photo-classifier:live"]
    }
    let failure = deploy.failure {
      $0.traffic = .tenPercent
      $0.movesProvisioned = true
    }
    #expect("\(failure.map { "\($0)" } ?? "")".contains("autoscaled"))
    #expect(deploy.lambda.writes == [])
  }
}
