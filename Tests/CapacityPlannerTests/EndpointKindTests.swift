import CapacityPlanner
import Testing

/// Serverless and asynchronous endpoints, queues and clients that retry, by hand.
@Suite struct EndpointKindTests {
  private func serverless(
    _ maximum: Int, provisioned: Int = 0, cold: Int = 6, lifetime: Int = 600
  ) -> EndpointModel {
    EndpointModel(
      kind: .serverless(
        ServerlessModel(
          memoryMegabytes: 2048, maximumConcurrency: maximum, provisioned: provisioned,
          coldStart: .seconds(cold), idleLifetime: .seconds(lifetime))),
      serviceTime: .constant(.milliseconds(400)))
  }

  @Test func aServerlessEndpointStartsColdAndStaysWarm() throws {
    let model = scenario { $0.endpoint = serverless(5) }
    let outcome = try run(model, at: [0, 10, 10.1, 700])
    // The first and the one beside it; after 600 s idle again.
    #expect(outcome.endpointColdStarts == 3)
    #expect(outcome.latency.maximum == .milliseconds(6500))
    #expect(outcome.latency.minimum == .milliseconds(500))
    #expect(outcome.billed.serverlessMilliseconds == 1600)
  }

  @Test func provisionedServerlessEnvironmentsAreNeverCold() throws {
    let model = scenario { $0.endpoint = serverless(5, provisioned: 2) }
    let outcome = try run(model, at: [0, 0.01, 0.02], lasting: .seconds(100))
    #expect(outcome.endpointColdStarts == 1)
    #expect(outcome.billed.serverlessProvisionedMilliseconds == 800)
    #expect(outcome.billed.serverlessProvisionedEnvironmentSeconds == 200)
  }

  @Test func aboveItsConcurrencyAServerlessEndpointThrottles() throws {
    let model = scenario { $0.endpoint = serverless(1, cold: 0) }
    let outcome = try run(model, at: [0, 0.1, 1])
    #expect(outcome.endpointThrottles == 1)
    #expect(outcome.failed == 1)
    #expect(outcome.completed == 2)
    #expect(outcome.refused == 1)
  }

  @Test func anAsynchronousEndpointAtZeroWakesUp() throws {
    let model = scenario {
      $0.endpoint = EndpointModel(
        kind: .asynchronous, serviceTime: .constant(.seconds(1)), instances: 0,
        tracking: TargetTracking(minimum: 0, maximum: 2, target: 5), launchDelay: .seconds(300))
    }
    let outcome = try run(model, at: [10], lasting: .seconds(3600), seriesPoints: 60)
    // Two minutes of the alarm, five of the launch, a second of work: the function itself took 0.1 s.
    #expect(outcome.latency.maximum == .seconds(120 + 300 + 1 - 10))
    #expect(outcome.billed.onDemandMilliseconds == 100)
    // Fifteen idle minutes later it is at zero again.
    #expect(outcome.series.last?.instances == 0)
    #expect(outcome.billed.instanceHours < 0.5)
  }

  @Test func aClientThatRetriesWaitsTwiceAsLongEachTime() throws {
    let model = scenario {
      $0.concurrency.reserved = 1
      $0.function.duration = .constant(.milliseconds(250))
      $0.function.clientRetries = ClientRetries(attempts: 4, base: .milliseconds(100))
    }
    // The second is refused at 10 and at 110 ms, and served at 310 ms.
    let outcome = try run(model, at: [0, 0.01])
    #expect(outcome.throttled == 0)
    #expect(outcome.retriesAfterThrottle == 2)
    #expect(outcome.latency.maximum == .milliseconds(300 + 250))
  }

  @Test func aClientGivesUpAfterItsAttempts() throws {
    let model = scenario {
      $0.concurrency.reserved = 1
      $0.function.duration = .constant(.seconds(5))
      $0.function.clientRetries = ClientRetries(attempts: 2, base: .milliseconds(100))
    }
    let outcome = try run(model, at: [0, 0.01])
    #expect(outcome.throttled == 1)
    #expect(outcome.isConserved)
  }

  @Test func anInitOfMoreThanTenSecondsIsRepeatedInsideTheTimeout() throws {
    let slow = scenario { $0.function.initDuration = .seconds(12) }
    let outcome = try run(slow, at: [0])
    // Ten seconds until the init phase ends, twelve of the second init, and the work.
    #expect(outcome.latency.maximum == .milliseconds(22_100))
    #expect(outcome.billed.onDemandMilliseconds == 22_100)
    var tight = slow
    tight.function.timeout = .seconds(12)
    #expect(try run(tight, at: [0]).timeouts == 1)
  }

  private func queue(_ change: (inout QueueModel) -> Void = { _ in }) -> Scenario {
    scenario {
      $0.function.source = .queue
      $0.function.duration = .constant(.seconds(1))
      change(&$0.function.queue)
    }
  }

  @Test func aQueueIsReadInBatchesOfWhatWaits() throws {
    let model = queue { $0.batchSize = 10 }
    // The first starts five invocations of one message each, the sixth waits for a second.
    let outcome = try run(model, at: [0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06])
    #expect(outcome.invocations == 6)
    #expect(outcome.completed == 7)
    #expect(outcome.latency.maximum == .milliseconds(1950))
  }

  @Test func aWindowGathersABatch() throws {
    let model = queue {
      $0.batchSize = 10
      $0.window = .seconds(5)
    }
    let outcome = try run(model, at: [0, 1, 2])
    #expect(outcome.invocations == 1)
    // Three at once, five seconds after the first.
    #expect(outcome.latency.maximum == .seconds(6))
  }

  @Test func theMappingGrowsByThreeHundredAMinute() throws {
    let model = queue {
      $0.batchSize = 1
    }
    var held = model
    held.function.duration = .constant(.seconds(600))
    held.function.timeout = .seconds(900)
    let outcome = try run(
      held, at: [Double](repeating: 0, count: 800), lasting: .seconds(180), seriesPoints: 3)
    // 5, then 5 more each second.
    #expect(abs(outcome.series[0].peakConcurrency - 305) <= 5)
    #expect(abs(outcome.series[1].peakConcurrency - 605) <= 5)
  }

  @Test func theMappingsMaximumConcurrencyHolds() throws {
    let model = queue {
      $0.batchSize = 1
      $0.maximumConcurrency = 2
    }
    let outcome = try run(model, at: evenly(10, from: 0, for: 5))
    #expect(outcome.peakConcurrency == 2)
    #expect(outcome.completed == 50)
    #expect(outcome.throttles.total == 0)
  }

  @Test func aFailedMessageComesBackAfterItsVisibilityTimeout() throws {
    var model = queue { $0.maximumReceives = 3 }
    model.function.errorShare = 1
    let outcome = try run(model, at: [0])
    #expect(outcome.invocations == 3)
    #expect(outcome.lost.retriesExhausted == 1)
    #expect(outcome.refused == 0)
  }

  @Test func aThrottledBatchIsTriedAgainEachSecond() throws {
    var model = queue { $0.batchSize = 10 }
    model.concurrency.reserved = 1
    model.function.duration = .constant(.seconds(20))
    let outcome = try run(model, at: [0, 1])
    #expect(outcome.completed == 2)
    // The second message comes at 1 s, and waits for the end of the first at 20 s.
    #expect(outcome.throttles.reservedConcurrency == 19)
  }

  @Test func pollersOfProvisionedModeAreBilled() throws {
    let model = queue { $0.pollers = 2...20 }
    let outcome = try run(model, at: [0], lasting: .seconds(7200))
    #expect(outcome.billed.pollerHours == 4)
  }
}
