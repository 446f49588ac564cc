/// Lambda's queue of asynchronous events that wait for another attempt. Every delay has a lane of its own: what is
/// put into a lane later is due later, so a lane is a plain queue. Sixteen bytes an event.
struct RetryQueue: ~Copyable {
  struct Event: BitwiseCopyable {
    var due: Microseconds
    var arrived: Microseconds
    var errors: UInt8
    var throttles: UInt8

    fileprivate init(_ packed: Packed) {
      due = packed.due
      arrived = packed.arrivedAndAttempts >> 8
      errors = UInt8(packed.arrivedAndAttempts >> 4 & 15)
      throttles = UInt8(packed.arrivedAndAttempts & 15)
    }
  }

  fileprivate struct Packed: BitwiseCopyable {
    var due: Microseconds = .never
    var arrivedAndAttempts: Int64 = 0
  }

  /// After throttling: 1 s, doubled each time, at most 5 min. The documentation gives the ends, not the steps, and
  /// says that a long queue makes them longer without saying by how much.
  static let backoff: [Microseconds] =
    [1, 2, 4, 8, 16, 32, 64, 128, 256, 300].map { $0 * Microseconds.second }
  /// After the first and the second function error.
  static let errorDelay: [Microseconds] = [1 * Microseconds.minute, 2 * Microseconds.minute]

  private let delays = Buffer<Microseconds>(backoff + errorDelay)
  private var rings = Buffer<Packed>(
    repeating: Packed(), count: (backoff.count + errorDelay.count) * 16)
  private var capacity = 16
  private var heads = Buffer<Int>(repeating: 0, count: backoff.count + errorDelay.count)
  private var counts = Buffer<Int>(repeating: 0, count: backoff.count + errorDelay.count)
  private var nextLane = 0
  private(set) var nextDue = Microseconds.never
  private(set) var count = 0

  /// Queues a throttled event.
  mutating func addThrottled(
    arrived: Microseconds, errors: UInt8, throttles: UInt8, now: Microseconds
  ) {
    let lane = min(Int(throttles), Self.backoff.count - 1)
    add(lane, arrived, errors, UInt8(min(lane + 1, Self.backoff.count)), now)
  }

  /// Queues an event after its function error number `errors`.
  mutating func addFailed(arrived: Microseconds, errors: UInt8, now: Microseconds) {
    add(Self.backoff.count + Int(errors) - 1, arrived, errors, 0, now)
  }

  private mutating func add(
    _ lane: Int, _ arrived: Microseconds, _ errors: UInt8, _ throttles: UInt8, _ now: Microseconds
  ) {
    if counts[lane] == capacity { grow() }
    let due = now + delays[lane]
    let place = (heads[lane] + counts[lane]) & (capacity - 1)
    rings[lane * capacity + place] = Packed(
      due: due, arrivedAndAttempts: arrived << 8 | Int64(errors) << 4 | Int64(throttles))
    counts[lane] += 1
    count += 1
    if due < nextDue {
      nextDue = due
      nextLane = lane
    }
  }

  /// The event due first; there must be one.
  mutating func removeFirst() -> Event {
    let lane = nextLane
    let event = Event(rings[lane * capacity + heads[lane]])
    heads[lane] = (heads[lane] + 1) & (capacity - 1)
    counts[lane] -= 1
    count -= 1
    nextDue = .never
    for candidate in 0..<delays.count where counts[candidate] > 0 {
      let due = rings[candidate * capacity + heads[candidate]].due
      if due < nextDue {
        nextDue = due
        nextLane = candidate
      }
    }
    return event
  }

  private mutating func grow() {
    var larger = Buffer<Packed>(repeating: Packed(), count: rings.count * 2)
    for lane in 0..<delays.count {
      for offset in 0..<counts[lane] {
        larger[lane * capacity * 2 + offset] =
          rings[lane * capacity + (heads[lane] + offset) & (capacity - 1)]
      }
      heads[lane] = 0
    }
    rings = larger
    capacity *= 2
  }
}
