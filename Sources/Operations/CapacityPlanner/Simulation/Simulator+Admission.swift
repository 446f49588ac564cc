/// Whether a request gets an environment, which, and what becomes of it when it gets none.
extension Simulator {
  enum ThrottleReason: Int32 { case concurrency = 1, requestRate, scalingRate }

  /// One attempt at a request: it begins, or it is throttled.
  @inline(__always)
  mutating func attempt(
    _ now: Microseconds, arrived: Microseconds, errors: UInt8, throttles: UInt8
  ) {
    let id = admit(now, isCounted: meter.isCounted(arrived))
    if id >= 0 {
      begin(id, now, arrived, errors, throttles)
    } else {
      throttle(ThrottleReason(rawValue: -id) ?? .concurrency, now, arrived, errors, throttles)
    }
  }

  /// An environment for one invocation, or a negative ``ThrottleReason``.
  ///
  /// Provisioned environments come first; what they cannot take spills over to on-demand ones, of which the newest
  /// idle one is taken, else a new one is made as far as the ceiling and the scaling rate allow.
  @inline(__always)
  mutating func admit(_ now: Microseconds, isCounted: Bool) -> Int32 {
    isAdmittedCold = false
    if provisioned.busy < provisioned.ready,
      provisionedRate.admit(now, concurrency: provisioned.ready)
    {
      let id = table.allocate()
      table[id].position = -1
      provisioned.busy += 1
      if isCounted { meter.outcome.onProvisioned += 1 }
      return id
    }
    let onDemandCeiling = ceiling - provisioned.taken
    if onDemandBusy >= onDemandCeiling { return -ThrottleReason.concurrency.rawValue }
    if !onDemandRate.admit(now, concurrency: onDemandCeiling) {
      return -ThrottleReason.requestRate.rawValue
    }
    return admitOnDemand(now, isCounted: isCounted)
  }

  @inline(__always)
  private mutating func admitOnDemand(_ now: Microseconds, isCounted: Bool) -> Int32 {
    onDemand.expire(now, &table)
    var id = onDemand.takeNewest(&table)
    if id < 0 {
      guard scaling.admit(now) else { return -ThrottleReason.scalingRate.rawValue }
      id = onDemand.create(&table)
      isAdmittedCold = true
      if isCounted { meter.outcome.coldStarts += 1 }
    }
    onDemandBusy += 1
    if provisioned.requested > 0, isCounted { meter.outcome.spilledOver += 1 }
    return id
  }

  /// An invocation starts in its environment.
  @inline(__always)
  private mutating func begin(
    _ id: Int32, _ now: Microseconds, _ arrived: Microseconds, _ errors: UInt8, _ throttles: UInt8
  ) {
    table[id].arrived = arrived
    table[id].errors = errors
    table[id].throttles = throttles
    start(id, now, own: ownDuration.draw(), isCounted: meter.isCounted(arrived))
  }

  /// What every invocation begins with, of one request or of a batch.
  @inline(__always)
  mutating func start(
    _ id: Int32, _ now: Microseconds, own: Microseconds, isCounted: Bool
  ) {
    if isCounted { meter.outcome.invocations += 1 }
    meter.began(now)
    if provisioned.ready > 0 { sampleUtilisation() }
    let started = isAdmittedCold ? now + initBefore : now
    let work = isAdmittedCold ? own + initInside : own
    table[id].billedFrom = now
    table[id].started = started
    table[id].instance = -1
    if work > timeout {
      table[id].due = started + timeout
      table[id].phase = .timingOut
    } else if !hasEndpoint || isBacklogged {
      table[id].due = started + work
      table[id].phase = .ending
    } else if started + work == now {
      callEndpoint(id, now)
      return
    } else {
      table[id].due = started + work
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

  mutating func countThrottle(_ reason: ThrottleReason) {
    switch reason {
    case .concurrency where isReserved: meter.outcome.throttles.reservedConcurrency += 1
    case .concurrency: meter.outcome.throttles.accountConcurrency += 1
    case .requestRate: meter.outcome.throttles.requestRate += 1
    case .scalingRate: meter.outcome.throttles.scalingRate += 1
    }
  }

  /// 429: the end of a synchronous request whose client does not retry; an asynchronous event is queued again while it
  /// is young enough.
  mutating func throttle(
    _ reason: ThrottleReason, _ now: Microseconds, _ arrived: Microseconds, _ errors: UInt8,
    _ throttles: UInt8
  ) {
    let isCounted = meter.isCounted(arrived)
    if isCounted { countThrottle(reason) }
    if source == .synchronous {
      let isRepeated = retries.addClientRetry(
        arrived: arrived, errors: errors, throttles: throttles + 1, now: now)
      if !isRepeated {
        if isCounted { meter.outcome.throttled += 1 }
        meter.gaveUp(arrived: arrived, now, isCold: false)
      }
      return
    }
    if isReserved, ceiling == 0 {
      if isCounted { meter.outcome.lost.stopped += 1 }
      meter.gaveUp(arrived: arrived, now, isCold: false)
      return
    }
    let delay = RetryQueue.backoff[min(Int(throttles), RetryQueue.backoff.count - 1)]
    if now + delay > arrived + maximumAge {
      if isCounted { meter.outcome.lost.expired += 1 }
      meter.gaveUp(arrived: arrived, now, isCold: false)
      return
    }
    retries.addThrottled(arrived: arrived, errors: errors, throttles: throttles, now: now)
    meter.outcome.longestQueue = max(meter.outcome.longestQueue, retries.count)
  }

  /// The event or client whose turn it is tries again.
  mutating func retry(_ now: Microseconds) {
    let event = retries.removeFirst()
    if meter.isCounted(event.arrived) {
      if event.throttles > 0 {
        meter.outcome.retriesAfterThrottle += 1
      } else {
        meter.outcome.retriesAfterError += 1
      }
    }
    attempt(now, arrived: event.arrived, errors: event.errors, throttles: event.throttles)
  }
}
