import CapacityPlanner
import Testing

/// The on-demand pool, by hand.
@Suite struct OnDemandTests {
  @Test func aRequestWithoutAnIdleEnvironmentStartsColdAndWaitsForInit() throws {
    let cold = scenario { $0.function.initDuration = .milliseconds(400) }
    // The second finds the first's environment busy, the third finds both idle.
    let outcome = try run(cold, at: [0, 0.2, 1])
    #expect(outcome.coldStarts == 2)
    #expect(outcome.latency.maximum == .milliseconds(500))
    #expect(outcome.latency.minimum == .milliseconds(100))
    #expect(outcome.peakConcurrency == 2)
  }

  @Test func anEnvironmentThatWasIdleForItsLifetimeIsGone() throws {
    let short = scenario { $0.function.idleLifetime = .seconds(60) }
    // Idle from 0.1 s on: one microsecond before 60.1 s it is still there, then at 60.1 s + 60 s it is not.
    #expect(try run(short, at: [0, 60.099_999]).coldStarts == 1)
    #expect(try run(short, at: [0, 60.1]).coldStarts == 2)
  }

  @Test func theNewestIdleEnvironmentTakesTheRequestSoTheOldestExpires() throws {
    let short = scenario { $0.function.idleLifetime = .seconds(60) }
    // Two environments; single requests keep only the newer alive, so of the pair at 100 s one is cold.
    let outcome = try run(short, at: [0, 0.05, 30, 60, 90, 100, 100.05])
    #expect(outcome.coldStarts == 3)
  }

  @Test func newestMeansCreatedLastNotUsedLast() throws {
    let short = scenario {
      $0.function.idleLifetime = .seconds(60)
      $0.function.duration = .samples([.milliseconds(100)])
    }
    // At 0.12 s the first is idle and the second, newer one busy: the first is used last. At 30 s the newer takes the
    // request all the same, so the first is gone by 60.22 s and the pair at 61 s needs a new one.
    let outcome = try run(short, at: [0, 0.05, 0.12, 30, 61, 61.05])
    #expect(outcome.coldStarts == 3)
  }

  @Test func initIsBilledAndDurationsAreRoundedUpToAMillisecond() throws {
    let cold = scenario {
      $0.function.initDuration = .milliseconds(400)
      $0.function.duration = .constant(.microseconds(100_001))
    }
    let outcome = try run(cold, at: [0, 1])
    #expect(outcome.billed.onDemandMilliseconds == 501 + 101)
    #expect(outcome.billed.requests == 2)
  }

  @Test func aTimeoutIsAFunctionErrorAndEndsTheEnvironment() throws {
    let slow = scenario {
      $0.function.timeout = .seconds(1)
      $0.function.duration = .constant(.seconds(5))
    }
    let outcome = try run(slow, at: [0, 2])
    #expect(outcome.failed == 2)
    #expect(outcome.timeouts == 2)
    #expect(outcome.coldStarts == 2)
    #expect(outcome.billed.onDemandMilliseconds == 2000)
  }
}
