import AWSControl
import OperationsSupport
import TestSupport
import Testing

@Suite struct WaiterTests {
  @Test func pollsUntilTheConditionHoldsAndReportsProgress() throws {
    let (clock, _) = makeClock()
    let states = Recorder<String>()
    let waiter = Waiter(clock: clock, onProgress: { states.add("\($0) \($1) \($2)") })
    var looks = 0
    let value = try waiter.wait(for: "tea") { () -> Waiter.Look<Int> in
      looks += 1
      return looks < 3 ? .pending("hot") : .done(looks)
    }
    #expect(value == 3)
    #expect(states.all == ["tea hot 0", "tea hot 2000"])
  }

  @Test func timesOutAtTheLimitWithTheLastState() {
    let (clock, _) = makeClock()
    let waiter = Waiter(clock: clock, limitMilliseconds: 10_000)
    let error = #expect(throws: Refusal.self) {
      try waiter.wait(for: "tea") { () -> Waiter.Look<Int> in .pending("hot") }
    }
    #expect(error?.reason == "Timed out after 10 s of waiting for tea: hot")
  }

  @Test func limitBelowTheIntervalIsWaitedFor() throws {
    let (clock, _) = makeClock()
    let waiter = Waiter(clock: clock, intervalMilliseconds: 2_000, limitMilliseconds: 1_000)
    var looks = 0
    let value = try waiter.wait(for: "tea") { () -> Waiter.Look<Int> in
      looks += 1
      return looks < 2 ? .pending("hot") : .done(looks)
    }
    #expect(value == 2 && clock.monotonicMilliseconds() == 1_000)
  }

  @Test func interruptionEndsAPauseAtOnce() {
    let (clock, sleeps) = makeClock()
    let waiter = Waiter(clock: clock, isInterrupted: { sleeps.all.count >= 2 })
    #expect(throws: Interrupted(activity: "the next step")) {
      try waiter.pause(60_000, "the next step")
    }
    #expect(sleeps.all.count == 2)
  }
}
