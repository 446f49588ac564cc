import CapacityPlanner
import Testing

/// Provisioned concurrency, by hand.
@Suite struct ProvisionedTests {
  @Test func provisionedEnvironmentsNeverStartCold() throws {
    let warm = scenario {
      $0.function.initDuration = .seconds(3)
      $0.concurrency.provisioned = .fixed(2)
    }
    let outcome = try run(warm, at: [0, 0.01])
    #expect(outcome.coldStarts == 0)
    #expect(outcome.latency.maximum == .milliseconds(100))
    #expect(outcome.billed.provisionedMilliseconds == 200)
    #expect(outcome.billed.onDemandMilliseconds == 0)
  }

  @Test func whatExceedsProvisionedSpillsOverToOnDemandAndStartsCold() throws {
    let warm = scenario { $0.concurrency.provisioned = .fixed(2) }
    let outcome = try run(warm, at: [0, 0.01, 0.02])
    #expect(outcome.onProvisioned == 2)
    #expect(outcome.spilledOver == 1)
    #expect(outcome.coldStarts == 1)
  }

  @Test func withAsManyProvisionedAsReservedNothingSpillsOver() throws {
    let full = scenario {
      $0.concurrency.reserved = 2
      $0.concurrency.provisioned = .fixed(2)
    }
    let outcome = try run(full, at: [0, 0.01, 0.02])
    #expect(outcome.throttles.reservedConcurrency == 1)
    #expect(outcome.spilledOver == 0)
  }

  @Test func idleProvisionedEnvironmentsCountAgainstTheAccount() throws {
    let account = scenario {
      $0.account.concurrency = 110
      $0.concurrency.provisioned = .fixed(10)
      $0.function.duration = .constant(.seconds(10))
    }
    // Ten on provisioned, a hundred on demand, and no more.
    let outcome = try run(account, at: [Double](repeating: 0, count: 111))
    #expect(outcome.onProvisioned == 10)
    #expect(outcome.spilledOver == 100)
    #expect(outcome.throttles.accountConcurrency == 1)
  }

  @Test func noneIsUsableUntilAllAreAllocated() throws {
    let slow = scenario {
      $0.account.provisionedPreparation = .seconds(90)
      $0.concurrency.provisioned = ProvisionedConcurrency(initial: 6000, isReadyAtStart: false)
    }
    // 90 s of preparation and a minute for 6,000.
    let outcome = try run(slow, at: [89, 149.999_999, 150])
    #expect(outcome.spilledOver == 2)
    #expect(outcome.onProvisioned == 1)
  }

  @Test func provisionedRequestsAreCappedAtTenTimesItsNumberASecond() throws {
    let quick = scenario {
      $0.concurrency.provisioned = .fixed(1)
      $0.function.duration = .constant(.milliseconds(1))
    }
    let outcome = try run(quick, at: evenly(15, from: 0, for: 1))
    #expect(outcome.onProvisioned == 10)
    #expect(outcome.spilledOver == 5)
  }

  @Test func aProvisionedPeriodThatEndsIsBilledInStepsOfFiveMinutes() throws {
    let scheduled = scenario {
      $0.concurrency.provisioned = .scheduled(
        initial: 3, [ScheduledAction(at: .seconds(301), minimum: 0, maximum: 0)])
    }
    let outcome = try run(scheduled, at: [0], lasting: .seconds(1000))
    #expect(outcome.billed.provisionedEnvironmentSeconds == 3 * 600)
  }

  @Test(arguments: [10, 300, 301, 86_400])
  func theTracesEndIsNotTheEndOfAPeriod(seconds: Int) throws {
    let fixed = scenario { $0.concurrency.provisioned = .fixed(3) }
    let outcome = try run(fixed, at: [0], lasting: .seconds(seconds))
    #expect(outcome.billed.provisionedEnvironmentSeconds == 3 * Double(seconds))
  }

  @Test func aScheduleMovesTheNumberAndRepeats() throws {
    let scheduled = scenario {
      $0.account.provisionedPreparation = .zero
      $0.concurrency.provisioned = .scheduled(
        initial: 1,
        [
          ScheduledAction(at: .seconds(600), every: .seconds(3600), minimum: 3, maximum: 3),
          ScheduledAction(at: .seconds(1200), every: .seconds(3600), minimum: 1, maximum: 1),
        ])
    }
    let pair = [0, 0.01]
    let moments = [300.0, 900, 1500, 4500, 5000]
    let outcome = try run(
      scheduled, at: moments.flatMap { moment in pair.map { moment + $0 } },
      lasting: .seconds(7200),
      seriesPoints: 12)
    // Both fit at 900 s and at 4500 s only.
    #expect(outcome.onProvisioned == 2 * 2 + 3)
    #expect(
      outcome.series.map { Int($0.provisioned.rounded()) } == [1, 3, 1, 1, 1, 1, 1, 3, 1, 1, 1, 1])
    // One for two hours, two more for ten minutes twice.
    #expect(outcome.billed.provisionedEnvironmentSeconds == 7200 + 2 * 2 * 600)
  }
}
