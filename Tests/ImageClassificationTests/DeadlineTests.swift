import Platform
import Synchronization
import TestSupport
import Testing

@Suite struct DeadlineTests {
  @Test(arguments: [(0, 0...0), (50, 0...5), (4_000, 6...400)])
  func workStopsSoLongBeforeTheDeadlineAndSaysWhatWasUnderWay(
    margin: Int, hundredthsLeft: ClosedRange<Int>
  ) throws {
    let fixture = try Fixture(
      endpoint: [.hang], environment: ["DEADLINE_MARGIN_MS": String(margin)])
    defer { fixture.stop() }
    let message = try fixture.failure(notification("rex.jpg"), deadlineIn: Int64(margin) + 1_000)
      .message
    #expect(message.contains("InvokeEndpoint dog-breeds: TimedOut: no response after "))
    // On a slow machine less time is left, never more.
    let left = try #require(message.firstMatch(of: /, (\d+)\.(\d\d) s left/))
    #expect(hundredthsLeft.contains(Int(left.1 + left.2) ?? -1), "\(message)")
  }

  @Test(arguments: ["-1", "10001", "soon", "1.5"])
  func anUnusableMarginIsRefused(margin: String) {
    #expect(throws: ConfigurationError.self) {
      _ = try Fixture(environment: ["DEADLINE_MARGIN_MS": margin])
    }
  }

  @Test func clocksThatJumpBetweenInvocationsDoNotTimeOutFreshTransfers() throws {
    let offset = Offset()
    let clock = Clock(
      unixMilliseconds: { Clock.system.unixMilliseconds() + offset.milliseconds },
      monotonicMilliseconds: { Clock.system.monotonicMilliseconds() + max(0, offset.milliseconds) })
    let fixture = try Fixture(clock: clock)
    defer { fixture.stop() }
    // A freeze of an hour, a freeze of a day, and a wall clock that is set back.
    for jump in [0, 3_600_000, 90_000_000, 3_600_000] as [Int64] {
      offset.milliseconds = jump
      #expect(try fixture.answer(consoleRequest, deadlineIn: 30_000).status == 200)
    }
  }
}

private final class Offset: Sendable {
  private let value = Atomic<Int64>(0)
  var milliseconds: Int64 {
    get { value.load(ordering: .relaxed) }
    set { value.store(newValue, ordering: .relaxed) }
  }
}
