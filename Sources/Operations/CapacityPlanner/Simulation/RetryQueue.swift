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

    init() {}

    init(_ due: Microseconds, _ arrived: Microseconds, _ errors: UInt8, _ throttles: UInt8) {
      self.due = due
      arrivedAndAttempts = arrived << 8 | Int64(errors) << 4 | Int64(throttles)
    }
  }

  /// After throttling: 1 s, doubled each time, at most 5 min. The documentation gives the ends, not the steps, and
  /// says that a long queue makes them longer without saying by how much.
  static let backoff: [Microseconds] =
    [1, 2, 4, 8, 16, 32, 64, 128, 256, 300].map { $0 * Microseconds.second }
  /// After the first and the second function error.
  static let errorDelay: [Microseconds] = [1 * Microseconds.minute, 2 * Microseconds.minute]

  /// A queue in a ring of 2^n places.
  private struct Lane: ~Copyable {
    private var ring = Buffer<Packed>(repeating: Packed(), count: 16)
    private var head = 0
    private(set) var count = 0

    var firstDue: Microseconds { count == 0 ? .never : ring[head].due }

    mutating func append(_ event: Packed) {
      if count == ring.count { grow() }
      ring[(head + count) & (ring.count - 1)] = event
      count += 1
    }

    mutating func removeFirst() -> Packed {
      let event = ring[head]
      head = (head + 1) & (ring.count - 1)
      count -= 1
      return event
    }

    private mutating func grow() {
      var larger = Buffer<Packed>(repeating: Packed(), count: ring.count * 2)
      for offset in 0..<count { larger[offset] = ring[(head + offset) & (ring.count - 1)] }
      ring = larger
      head = 0
    }
  }

  /// Lanes of throttling, of function errors, of a client's retries.
  private static let errorLanes = backoff.count
  private static let clientLanes = backoff.count + errorDelay.count
  private let clientDelays: [Microseconds]
  private var lanes = InlineArray<24, Lane> { _ in Lane() }
  /// A bit for each lane with an event.
  private var occupied: UInt32 = 0
  private var nextLane = 0
  private(set) var nextDue = Microseconds.never
  private(set) var count = 0

  /// - Parameter clientDelays: before a client's second and every later attempt, 11 at most.
  init(clientDelays: [Microseconds] = []) { self.clientDelays = clientDelays }

  mutating func addThrottled(
    arrived: Microseconds, errors: UInt8, throttles: UInt8, now: Microseconds
  ) {
    let lane = min(Int(throttles), Self.backoff.count - 1)
    let event = Packed(now + Self.backoff[lane], arrived, errors, UInt8(lane + 1))
    add(event, lane)
  }

  /// Queues an event after its function error number `errors`.
  mutating func addFailed(arrived: Microseconds, errors: UInt8, now: Microseconds) {
    let delay = Int(errors) - 1
    add(Packed(now + Self.errorDelay[delay], arrived, errors, 0), Self.errorLanes + delay)
  }

  /// Queues a client's next attempt.
  ///
  /// - Returns: false when it has made its last.
  mutating func addClientRetry(
    arrived: Microseconds, errors: UInt8, throttles: UInt8, now: Microseconds
  ) -> Bool {
    let attempt = Int(errors) + Int(throttles) - 1
    guard attempt < clientDelays.count else { return false }
    add(
      Packed(now + clientDelays[attempt], arrived, errors, throttles), Self.clientLanes + attempt)
    return true
  }

  private mutating func add(_ event: Packed, _ lane: Int) {
    lanes[lane].append(event)
    occupied |= 1 << UInt32(lane)
    count += 1
    if event.due < nextDue {
      nextDue = event.due
      nextLane = lane
    }
  }

  /// The event due first; there must be one.
  mutating func removeFirst() -> Event {
    let event = Event(lanes[nextLane].removeFirst())
    if lanes[nextLane].count == 0 { occupied &= ~(1 << UInt32(nextLane)) }
    count -= 1
    nextDue = .never
    var rest = occupied
    while rest != 0 {
      let lane = rest.trailingZeroBitCount
      rest &= rest - 1
      if lanes[lane].firstDue < nextDue {
        nextDue = lanes[lane].firstDue
        nextLane = lane
      }
    }
    return event
  }
}
