import CapacityPlanner
import Testing

/// Ceilings and rates, by hand.
@Suite struct LimitTests {
  @Test func theAccountsConcurrencyThrottlesWhatExceedsIt() throws {
    let small = scenario {
      $0.account.concurrency = 10
      $0.account.usedByOthers = 8
    }
    let outcome = try run(small, at: [0, 0.01, 0.02, 0.1])
    #expect(outcome.completed == 3)
    #expect(outcome.throttled == 1)
    #expect(outcome.throttles.accountConcurrency == 1)
  }

  @Test func reservedConcurrencyIsACeiling() throws {
    let reserved = scenario { $0.concurrency.reserved = 2 }
    let outcome = try run(reserved, at: [0, 0.01, 0.02, 0.1])
    #expect(outcome.completed == 3)
    #expect(outcome.throttles.reservedConcurrency == 1)
  }

  @Test func reservedConcurrencyIsAGuaranteeAgainstOtherFunctions() throws {
    let crowded = scenario {
      $0.account = AccountLimits(concurrency: 1000, usedByOthers: 1000)
    }
    #expect(try run(crowded, at: [0, 1]).throttled == 2)
    var reserved = crowded
    reserved.concurrency.reserved = 1
    #expect(try run(reserved, at: [0, 1]).completed == 2)
  }

  @Test func theRequestRateIsCappedAtTenTimesTheConcurrencyInEachSecond() throws {
    let quick = scenario {
      $0.account.concurrency = 2
      $0.function.duration = .constant(.milliseconds(1))
    }
    // 25 within the first second, 3 in the next.
    let outcome = try run(quick, at: evenly(25, from: 0, for: 1) + [1, 1.1, 1.2])
    #expect(outcome.throttles.requestRate == 5)
    #expect(outcome.completed == 23)
  }

  @Test func aThousandEnvironmentsInTenSecondsAndNoMore() throws {
    let slow = scenario { $0.function.duration = .constant(.seconds(60)) }
    let outcome = try run(slow, at: [Double](repeating: 0, count: 1200))
    #expect(outcome.coldStarts == 1000)
    #expect(outcome.throttles.scalingRate == 200)
  }

  @Test func theScalingRateIsRefilledByAHundredASecond() throws {
    let slow = scenario { $0.function.duration = .constant(.seconds(60)) }
    let times = [Double](repeating: 0, count: 1000) + [Double](repeating: 0.5, count: 60)
    let outcome = try run(slow, at: times)
    #expect(outcome.coldStarts == 1050)
    #expect(outcome.throttles.scalingRate == 10)
  }

  @Test func theScalingRateIsNeverSavedUp() throws {
    let slow = scenario { $0.function.duration = .constant(.seconds(60)) }
    let outcome = try run(slow, at: [Double](repeating: 600, count: 1001))
    #expect(outcome.coldStarts == 1000)
  }

  @Test func whatAWSWouldRefuseIsRefusedWithReasons() {
    let impossible = scenario {
      $0.account.concurrency = 1000
      $0.concurrency.reserved = 901
      $0.concurrency.provisioned = .fixed(902)
      $0.function.memoryMegabytes = 64
    }
    let error = #expect(throws: ScenarioError.self) { try Simulation(impossible) }
    #expect(
      error?.problems == [
        "memory of 64 MB: Lambda accepts 128 to 10240",
        "901 reserved: an account of 1000 can reserve 0 to 900",
        "902 provisioned is more than the reserved concurrency, 901",
      ])
  }
}
