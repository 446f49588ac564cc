/// Whether a request gets an environment, which, and what becomes of it when it gets none.
extension Simulator {
  enum ThrottleReason { case concurrency, requestRate, scalingRate }

  /// One attempt at a request: it begins, or it is throttled.
  ///
  /// Provisioned environments come first; what they cannot take spills over to on-demand ones, of which the newest
  /// idle one is taken, else a new one is made as far as the ceiling and the scaling rate allow.
  @inline(__always)
  mutating func attempt(
    _ now: Microseconds, arrived: Microseconds, errors: UInt8, throttles: UInt8
  ) {
    if provisioned.busy < provisioned.ready,
      provisionedRate.admit(now, concurrency: provisioned.ready)
    {
      let id = table.allocate()
      table[id].position = -1
      provisioned.busy += 1
      meter.outcome.onProvisioned += 1
      begin(id, now, arrived, errors, throttles, initDuration: 0)
      return
    }
    let onDemandCeiling = ceiling - provisioned.taken
    if onDemandBusy >= onDemandCeiling {
      throttle(.concurrency, now, arrived, errors, throttles)
    } else if !onDemandRate.admit(now, concurrency: onDemandCeiling) {
      throttle(.requestRate, now, arrived, errors, throttles)
    } else {
      attemptOnDemand(now, arrived, errors, throttles)
    }
  }

  @inline(__always)
  private mutating func attemptOnDemand(
    _ now: Microseconds, _ arrived: Microseconds, _ errors: UInt8, _ throttles: UInt8
  ) {
    onDemand.expire(now, &table)
    var id = onDemand.takeNewest(&table)
    var initialization: Microseconds = 0
    if id < 0 {
      guard scaling.admit(now) else {
        throttle(.scalingRate, now, arrived, errors, throttles)
        return
      }
      id = onDemand.create(&table)
      initialization = initDuration
      meter.outcome.coldStarts += 1
    }
    onDemandBusy += 1
    if provisioned.requested > 0 { meter.outcome.spilledOver += 1 }
    begin(id, now, arrived, errors, throttles, initDuration: initialization)
  }

  /// An invocation starts in its environment.
  @inline(__always)
  private mutating func begin(
    _ id: Int32, _ now: Microseconds, _ arrived: Microseconds, _ errors: UInt8, _ throttles: UInt8,
    initDuration: Microseconds
  ) {
    meter.outcome.invocations += 1
    meter.began(now)
    if provisioned.ready > 0 { sampleUtilisation() }
    let started = now + initDuration
    let own = ownDuration.draw()
    table[id].arrived = arrived
    table[id].billedFrom = now
    table[id].started = started
    table[id].instance = -1
    table[id].errors = errors
    table[id].throttles = throttles
    if own > timeout {
      table[id].due = started + timeout
      table[id].phase = .timingOut
    } else if !hasEndpoint {
      table[id].due = started + own
      table[id].phase = .ending
    } else if started + own == now {
      callEndpoint(id, now)
      return
    } else {
      table[id].due = started + own
      table[id].phase = .beforeCall
    }
    wheel.insert(id, &table)
  }

  /// `ProvisionedConcurrencyUtilization` has a sample for every invocation, and none without one.
  @inline(__always)
  private mutating func sampleUtilisation() {
    let utilisation = Double(provisioned.busy) / Double(provisioned.ready)
    utilisationSum += utilisation
    utilisationCount += 1
    if utilisation > utilisationMost { utilisationMost = utilisation }
  }

  /// 429: the end of a synchronous request; an asynchronous event is queued again while it is young enough.
  mutating func throttle(
    _ reason: ThrottleReason, _ now: Microseconds, _ arrived: Microseconds, _ errors: UInt8,
    _ throttles: UInt8
  ) {
    switch reason {
    case .concurrency where isReserved: meter.outcome.throttles.reservedConcurrency += 1
    case .concurrency: meter.outcome.throttles.accountConcurrency += 1
    case .requestRate: meter.outcome.throttles.requestRate += 1
    case .scalingRate: meter.outcome.throttles.scalingRate += 1
    }
    guard isAsynchronous else {
      meter.outcome.throttled += 1
      return
    }
    if isReserved, ceiling == 0 {
      meter.outcome.lost.stopped += 1
      return
    }
    let delay = RetryQueue.backoff[min(Int(throttles), RetryQueue.backoff.count - 1)]
    if now + delay > arrived + maximumAge {
      meter.outcome.lost.expired += 1
      return
    }
    retries.addThrottled(arrived: arrived, errors: errors, throttles: throttles, now: now)
    meter.outcome.longestQueue = max(meter.outcome.longestQueue, retries.count)
  }

  /// The asynchronous event whose turn it is tries again.
  mutating func retry(_ now: Microseconds) {
    let event = retries.removeFirst()
    if event.throttles > 0 {
      meter.outcome.retriesAfterThrottle += 1
    } else {
      meter.outcome.retriesAfterError += 1
    }
    attempt(now, arrived: event.arrived, errors: event.errors, throttles: event.throttles)
  }
}
