import CapacityPlanner
import Testing

/// Lambda's queue of asynchronous events, by hand.
@Suite struct AsynchronousTests {
  private func asynchronous(_ change: (inout Scenario) -> Void) -> Scenario {
    scenario {
      $0.function.source = .asynchronous
      change(&$0)
    }
  }

  @Test func aThrottledEventComesAgainAfterOneSecondThenTwoThenFour() throws {
    let single = asynchronous {
      $0.concurrency.reserved = 1
      $0.function.duration = .constant(.seconds(5))
    }
    // Busy until 5 s: the second tries at 0.5, 1.5, 3.5 and 7.5 s.
    let outcome = try run(single, at: [0, 0.5])
    #expect(outcome.completed == 2)
    #expect(outcome.throttles.reservedConcurrency == 3)
    #expect(outcome.retriesAfterThrottle == 3)
    #expect(outcome.latency.maximum == .seconds(12))
  }

  @Test func theBackoffStopsGrowingAtFiveMinutes() throws {
    let single = asynchronous {
      $0.concurrency.reserved = 1
      $0.function.duration = .constant(.seconds(900))
      $0.function.timeout = .seconds(900)
    }
    // Throttled at once and 1, 3, 7, 15, 31, 63, 127, 255, 511 and 811 s later; 1,111 s after its arrival it begins.
    let outcome = try run(single, at: [0, 1])
    #expect(outcome.throttles.total == 11)
    #expect(outcome.latency.maximum == .seconds(1111 + 900))
  }

  @Test func anEventThatWouldBeOlderThanSixHoursIsLost() throws {
    let others = asynchronous {
      $0.account = AccountLimits(concurrency: 1000, usedByOthers: 1000)
    }
    let outcome = try run(others, at: [0])
    #expect(outcome.lost.expired == 1)
    // 511 s after nine attempts, then every 300 s up to 21,600 s: 511 + 70 × 300 = 21,511.
    #expect(outcome.throttles.total == 1 + 9 + 70)
  }

  @Test func aReservationOfNothingSendsEventsToTheDeadLetterQueueAtOnce() throws {
    let stopped = asynchronous { $0.concurrency.reserved = 0 }
    let outcome = try run(stopped, at: [0, 1])
    #expect(outcome.lost.stopped == 2)
    #expect(outcome.retriesAfterThrottle == 0)
  }

  @Test func aFunctionErrorIsRetriedAfterOneAndTwoMinutesThenLost() throws {
    let failing = asynchronous { $0.function.errorShare = 1 }
    let outcome = try run(failing, at: [0], seriesPoints: 600)
    #expect(outcome.invocations == 3)
    #expect(outcome.retriesAfterError == 2)
    #expect(outcome.lost.retriesExhausted == 1)
    // 0.1 s, 60.2 s and 180.3 s.
    #expect(outcome.series.last.map { ($0.startSeconds + $0.lengthSeconds) } == 180.3)
  }

  @Test func aFunctionErrorOfASynchronousRequestIsNotRetried() throws {
    let outcome = try run(scenario { $0.function.errorShare = 1 }, at: [0])
    #expect(outcome.invocations == 1)
    #expect(outcome.failed == 1)
  }

  @Test func fewerRetriesAndAShorterAgeCanBeSet() throws {
    let failing = asynchronous {
      $0.function.errorShare = 1
      $0.function.maximumErrorRetries = 0
    }
    #expect(try run(failing, at: [0]).invocations == 1)
    let young = asynchronous {
      $0.account = AccountLimits(concurrency: 1000, usedByOthers: 1000)
      $0.function.maximumEventAge = .seconds(60)
    }
    // 1, 3, 7, 15, 31 s; 63 s would be too old.
    #expect(try run(young, at: [0]).throttles.total == 6)
  }
}
