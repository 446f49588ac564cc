import AWSClient
import AWSControl
import CapacityPlanner
import Concurrency
import Prices
import TestSupport
import Testing

@Suite struct ProvisioningTests {
  private typealias Fixture = FunctionFixture

  private func accepted(_ count: Int) -> ScriptedServer.Answer {
    .init(202, body: Fixture.provisioned(count, "IN_PROGRESS"))
  }
  private func state(_ text: String) -> ScriptedServer.Answer { .init(200, body: text) }

  private func plan(_ count: Int, _ fixture: FunctionFixture, qualifier: String = "live") throws
    -> Provisioning.Plan
  {
    try Provisioning.plan(
      count, forFunction: "f", qualifier: qualifier,
      prices: ProvisionedPrices(PriceList.usEast1()), with: fixture.client)
  }

  private func refusal(_ count: Int, _ routes: Routes) throws -> String {
    let fixture = try FunctionFixture(routes)
    let refusal = #expect(throws: Refusal.self) { try plan(count, fixture) }
    #expect(fixture.writes.isEmpty)
    return refusal?.message ?? ""
  }

  @Test(arguments: ["$LATEST", "$LATEST.PUBLISHED"])
  func latestIsRefusedWithoutACall(qualifier: String) throws {
    let fixture = try FunctionFixture()
    #expect(throws: Refusal.self) { try plan(1, fixture, qualifier: qualifier) }
    #expect(fixture.server.calls.isEmpty)
  }

  @Test func aliasWithWeightsCannotBeProvisioned() throws {
    let message = try refusal(
      1,
      [
        Fixture.getAlias: [
          state(
            #"{"Name":"live","FunctionVersion":"7","RoutingConfig":{"AdditionalVersionWeights":{"8":0.1}}}"#
          )
        ]
      ])
    #expect(message.contains("between version 7 and 8 (weight 0.1)"))
  }

  @Test(arguments: ["blue", "7"])
  func versionIsProvisionedOnlyOnce(other: String) throws {
    let message = try refusal(
      1,
      [
        Fixture.listProvisioned: [
          Fixture.list(Fixture.provisioned(2, "READY", qualifier: other))
        ],
        Fixture.listAliases: [
          state(
            #"{"Aliases":[{"Name":"blue","FunctionVersion":"7"},{"Name":"live","FunctionVersion":"7"}]}"#
          )
        ],
      ])
    #expect(message.contains("on \(other), and a version can have it only once"))
  }

  @Test func moreThanTheFunctionsReservationIsRefused() throws {
    let routes = [
      Fixture.getReserved: [Fixture.reserved(10)],
      Fixture.listProvisioned: [Fixture.list(Fixture.provisioned(4, "READY", qualifier: "5"))],
    ]
    #expect(try refusal(7, routes).contains("would have 11 provisioned"))
    #expect(try plan(6, FunctionFixture(routes)).warnings.first?.contains("$LATEST") == true)
    #expect(try plan(5, FunctionFixture(routes)).warnings.isEmpty)
  }

  @Test func moreThanTheAccountCanSpareIsRefused() throws {
    #expect(try refusal(801, [:]).contains("800 can be provisioned"))
    let account = [Fixture.getAccount: [Fixture.account(10, unreserved: 10)]]
    #expect(try refusal(1, account).contains("quota is 10"))
  }

  @Test func isWaitedForUntilAllAreReady() throws {
    let fixture = try FunctionFixture([
      Fixture.putProvisioned: [accepted(5)],
      Fixture.getProvisioned: [
        Fixture.nothingProvisioned, state(Fixture.provisioned(5, "IN_PROGRESS", allocated: 0)),
        state(Fixture.provisioned(5, "IN_PROGRESS", allocated: 4)),
        state(Fixture.provisioned(5, "READY")),
      ],
    ])
    var waiter = fixture.waiter
    let progress = Recorder<String>()
    waiter.onProgress = { _, state, _ in progress.add(state) }
    let ready = try Provisioning.apply(plan(5, fixture), with: fixture.client, waiter: waiter)
    #expect(ready?.available == 5)
    #expect(
      progress.all == ["IN_PROGRESS, 0 of 5 allocated", "IN_PROGRESS, 4 of 5 allocated"])
    #expect(fixture.writes == [Fixture.putProvisioned])
  }

  @Test func failureComesWithLambdasReason() throws {
    let fixture = try FunctionFixture([
      Fixture.putProvisioned: [accepted(5)],
      Fixture.getProvisioned: [
        Fixture.nothingProvisioned,
        state(
          Fixture.provisioned(5, "FAILED", reason: "FUNCTION_ERROR_INIT_FAILURE")),
      ],
    ])
    let refusal = #expect(throws: Refusal.self) {
      try Provisioning.apply(plan(5, fixture), with: fixture.client, waiter: fixture.waiter)
    }
    #expect(refusal?.reason.contains("f:live failed: FUNCTION_ERROR_INIT_FAILURE") == true)
  }

  @Test func anotherChangeUnderWayIsWaitedOut() throws {
    let conflict = ScriptedServer.Answer(
      409, [("x-amzn-ErrorType", "ResourceConflictException")], body: #"{"Message":"in progress"}"#)
    let fixture = try FunctionFixture([
      Fixture.putProvisioned: [conflict, conflict, accepted(5)],
      Fixture.getProvisioned: [
        Fixture.nothingProvisioned, Fixture.nothingProvisioned,
        state(Fixture.provisioned(5, "READY")),
      ],
    ])
    let plan = try plan(5, fixture)
    let started = try Provisioning.apply(plan, with: fixture.client, waiter: nil)
    #expect(started?.requested == 5)
    #expect(fixture.writes.count == 3)
    _ = try self.plan(5, fixture)
    let ready = try Provisioning.apply(plan, with: fixture.client, waiter: fixture.waiter)
    #expect(ready?.status == "READY")
    #expect(fixture.writes.count == 4)
  }

  @Test func interruptionEndsTheWaitOnly() throws {
    let fixture = try FunctionFixture([
      Fixture.putProvisioned: [accepted(5)],
      Fixture.getProvisioned: [
        Fixture.nothingProvisioned, state(Fixture.provisioned(5, "IN_PROGRESS")),
      ],
    ])
    var waiter = fixture.waiter
    waiter.isInterrupted = { true }
    #expect(throws: Interrupted.self) {
      try Provisioning.apply(plan(5, fixture), with: fixture.client, waiter: waiter)
    }
    #expect(fixture.writes == [Fixture.putProvisioned])
  }

  @Test func whatIsReadyAlreadyIsNotWrittenAgain() throws {
    let fixture = try FunctionFixture([
      Fixture.getProvisioned: [state(Fixture.provisioned(5, "READY"))]
    ])
    _ = try Provisioning.apply(plan(5, fixture), with: fixture.client, waiter: fixture.waiter)
    #expect(fixture.writes.isEmpty)
  }

  @Test func whatIsUnderWayAlreadyIsOnlyWaitedFor() throws {
    let fixture = try FunctionFixture([
      Fixture.getProvisioned: [
        state(Fixture.provisioned(5, "IN_PROGRESS")), state(Fixture.provisioned(5, "READY")),
      ]
    ])
    let ready = try Provisioning.apply(
      plan(5, fixture), with: fixture.client, waiter: fixture.waiter)
    #expect(ready?.status == "READY")
    #expect(fixture.writes.isEmpty)
  }

  @Test func whatHasFailedIsTriedAgain() throws {
    let fixture = try FunctionFixture([
      Fixture.putProvisioned: [accepted(5)],
      Fixture.getProvisioned: [
        state(Fixture.provisioned(5, "FAILED")), state(Fixture.provisioned(5, "READY")),
      ],
    ])
    _ = try Provisioning.apply(plan(5, fixture), with: fixture.client, waiter: fixture.waiter)
    #expect(fixture.writes == [Fixture.putProvisioned])
  }

  @Test func dryRunPlansThePutAndWaitsForNothing() throws {
    let fixture = try FunctionFixture(dryRun: true)
    let state = try Provisioning.apply(
      plan(5, fixture), with: fixture.client, waiter: fixture.waiter)
    #expect(state == nil)
    #expect(fixture.writes.isEmpty)
    #expect(fixture.control.sleeps.all.isEmpty)
    #expect(
      fixture.control.planned.all.map(\.title) == ["PutProvisionedConcurrencyConfig f:live"])
  }

  @Test func scalingThatMayNotBeReadIsANote() throws {
    let fixture = try FunctionFixture([
      "DescribeScalableTargets": [
        .init(400, body: ##"{"__type":"AccessDeniedException","Message":"no"}"##)
      ]
    ])
    let warnings = try plan(5, fixture).warnings
    #expect(warnings.first?.contains("AccessDeniedException") == true)
  }

  @Test func scaledAliasIsWarnedOf() throws {
    let fixture = try FunctionFixture(["DescribeScalableTargets": [Fixture.scaled(1, 4)]])
    #expect(try plan(5, fixture).warnings.first?.contains("between 1 and 4") == true)
  }

  @Test func costIsThatOfTheVersionsMemoryAndArchitecture() throws {
    // 5 x 1 GB x 2,628,000 s x $0.0000033334
    #expect(try plan(5, FunctionFixture()).cost == "fixed monthly cost $43.80")
    let prices = ProvisionedPrices(try PriceList.usEast1())
    #expect(prices.perMonth(environments: 1, memoryMegabytes: 512, architecture: "x86_64") > 5.47)
    #expect(prices.perMonth(environments: 1, memoryMegabytes: 512, architecture: "x86_64") < 5.48)
  }

  @Test func removingIsRefusedWhileScaledAndDoneOnlyWhenThereIsSomething() throws {
    func remove(_ routes: Routes) throws -> (Int?, [String]) {
      let fixture = try FunctionFixture(routes)
      let removed = try Provisioning.remove(
        fromFunction: "f", qualifier: "live", with: fixture.client
      ).removed
      return (removed?.requested, fixture.writes)
    }
    let present = [Fixture.getProvisioned: [state(Fixture.provisioned(5, "READY"))]]
    #expect(try remove([:]) == (nil, []))
    #expect(try remove(present) == (5, [Fixture.deleteProvisioned]))
    let scaled = present.merging(["DescribeScalableTargets": [Fixture.scaled(1, 4)]]) { $1 }
    #expect(throws: Refusal.self) { try remove(scaled) }
  }
}
