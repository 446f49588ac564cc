import AWSClient
import AWSControl
import Concurrency
import TestSupport
import Testing

@Suite struct ReservationTests {
  private func plan(_ wanted: Int, _ routes: Routes = [:]) throws -> Reservation.Plan {
    try FunctionFixture.asking(routes) {
      try Reservation.plan(reserving: wanted, forFunction: "f", with: $0)
    }
  }

  @Test func fewerThan100UnreservedAreNeverLeft() throws {
    #expect(try plan(800).unreservedAfterwards == 100)
    let refusal = #expect(throws: Refusal.self) { try plan(801) }
    #expect(refusal?.message.contains("would leave 99 of the account's 1000") == true)
    #expect(refusal?.message.contains("At most 800") == true)
  }

  @Test func whatIsReservedAlreadyCountsAsRoom() throws {
    let routes = [
      FunctionFixture.getReserved: [FunctionFixture.reserved(50)],
      FunctionFixture.getAccount: [FunctionFixture.account(1000, unreserved: 150)],
    ]
    #expect(try plan(100, routes).unreservedAfterwards == 100)
    #expect(throws: Refusal.self) { try plan(101, routes) }
  }

  @Test func reservingLessIsNeverRefused() throws {
    let routes = [
      FunctionFixture.getReserved: [FunctionFixture.reserved(50)],
      FunctionFixture.getAccount: [FunctionFixture.account(100, unreserved: 50)],
    ]
    #expect(try plan(40, routes).unreservedAfterwards == 60)
  }

  @Test func newAccountsSmallQuotaIsExplained() throws {
    let routes = [FunctionFixture.getAccount: [FunctionFixture.account(10, unreserved: 10)]]
    let refusal = #expect(throws: Refusal.self) { try plan(1, routes) }
    #expect(refusal?.reason.contains("quota is 10") == true)
    #expect(refusal?.advice.contains("L-B99A9384") == true)
    #expect(try plan(0, routes).stopsFunction)
  }

  @Test func fewerThanProvisionedOnAllPagesIsWarnedOf() throws {
    let routes = [
      FunctionFixture.listProvisioned: [
        FunctionFixture.list(FunctionFixture.provisioned(5, "READY"), next: "m")
      ],
      "GET \(FunctionFixture.provisioned)?List=ALL&Marker=m": [
        FunctionFixture.list(FunctionFixture.provisioned(3, "READY", qualifier: "8"))
      ],
    ]
    #expect(try plan(7, routes).warnings.first?.contains("8 are provisioned") == true)
    #expect(try plan(8, routes).warnings.first?.contains("$LATEST") == true)
    #expect(try plan(9, routes).warnings.isEmpty)
  }

  @Test func lessThanLastWeeksPeakIsWarnedOf() throws {
    let routes: Routes = [
      "GetMetricData": [
        .init(
          200,
          body: """
            {"MetricDataResults":[{"Id":"peak","Timestamps":[1699990000,1699900000],"Values":[4,12]}]}
            """)
      ]
    ]
    #expect(try plan(11, routes).warnings.first?.contains("peak was 12") == true)
    #expect(try plan(12, routes).warnings.isEmpty)
    let denied: Routes = [
      "GetMetricData": [.init(400, body: ##"{"__type":"AccessDenied","Message":"no"}"##)]
    ]
    #expect(try plan(5, denied).warnings.first?.contains("cloudwatch:GetMetricData") == true)
  }

  @Test func sameReservationIsNotWrittenAgain() throws {
    let fixture = try FunctionFixture([
      FunctionFixture.getReserved: [FunctionFixture.reserved(20)]
    ])
    let plan = try Reservation.plan(reserving: 20, forFunction: "f", with: fixture.client)
    #expect(try !Reservation.apply(plan, with: fixture.client))
    #expect(fixture.writes.isEmpty)
  }

  @Test func throttledWriteIsRetriedAfterLambdasRetryAfter() throws {
    let fixture = try FunctionFixture([
      FunctionFixture.putReserved: [
        .init(
          429, [("x-amzn-ErrorType", "TooManyRequestsException"), ("Retry-After", "3")],
          body: #"{"message":"Rate exceeded","Reason":"CallerRateLimitExceeded"}"#),
        FunctionFixture.reserved(20),
      ]
    ])
    let plan = try Reservation.plan(reserving: 20, forFunction: "f", with: fixture.client)
    #expect(try Reservation.apply(plan, with: fixture.client))
    #expect(fixture.writes.count == 2)
    #expect(fixture.control.sleeps.all == [3000])
  }

  @Test func removingWritesOnlyWhatThereIs() throws {
    let without = try FunctionFixture()
    #expect(try Reservation.remove(fromFunction: "f", with: without.client) == nil)
    #expect(without.writes.isEmpty)
    let with = try FunctionFixture([FunctionFixture.getReserved: [FunctionFixture.reserved(0)]])
    #expect(try Reservation.remove(fromFunction: "f", with: with.client) == 0)
    #expect(with.writes == [FunctionFixture.deleteReserved])
  }

  @Test func dryRunPlansTheWriteAndSendsNothing() throws {
    let fixture = try FunctionFixture(dryRun: true)
    let plan = try Reservation.plan(reserving: 0, forFunction: "f", with: fixture.client)
    _ = try Reservation.apply(plan, with: fixture.client)
    #expect(fixture.writes.isEmpty)
    #expect(fixture.control.planned.all.map(\.title) == ["PutFunctionConcurrency f"])
  }
}
