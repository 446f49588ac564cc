/// What environments do when their time comes.
extension Simulator {
  @inline(__always)
  mutating func advance(_ id: Int32, _ now: Microseconds) {
    switch table[id].phase {
    case .beforeCall: callEndpoint(id, now)
    case .ending: end(id, now, hasFailed: false)
    case .failing, .timingOut: end(id, now, hasFailed: true)
    case .abandoned:
      completeCall(table[id].instance, serial: table[id].instanceSerial, now)
      table.release(id)
    case .backlog: endBacklogWork(id, now)
    case .idle: break
    }
  }

  /// The function calls the endpoint and waits: until the answer, its own timeout, or the endpoint's limit. A request
  /// that nobody waits for any more still keeps its worker busy.
  @inline(__always)
  mutating func callEndpoint(_ id: Int32, _ now: Microseconds) {
    if source == .queue { return callEndpointForBatch(id, now) }
    callsOfMinute += 1
    guard let call = call(now, isCounted: meter.isCounted(table[id].arrived)) else {
      // Refused at once: a function error.
      table[id].instance = -1
      table[id].due = now
      table[id].phase = .failing
      wheel.insert(id, &table)
      return
    }
    table[id].instance = call.place
    table[id].instanceSerial = call.serial
    let lambdaLimit = table[id].started + timeout
    if call.completion <= min(lambdaLimit, call.limit) {
      table[id].due = call.completion
      table[id].phase = .ending
    } else {
      if needsCompletions { leaveBehind(call) }
      table[id].instance = -1
      table[id].due = min(lambdaLimit, call.limit)
      table[id].phase = lambdaLimit <= call.limit ? .timingOut : .failing
    }
    wheel.insert(id, &table)
  }

  @inline(__always)
  private mutating func end(_ id: Int32, _ now: Microseconds, hasFailed: Bool) {
    let environment = table[id]
    if hasEndpoint, !isBacklogged {
      completeCall(environment.instance, serial: environment.instanceSerial, now)
    }
    if source == .queue {
      endBatch(id, now, hasFailed: hasFailed)
      return
    }
    release(id, now, isCounted: meter.isCounted(environment.arrived))
    if hasFailed || untilError == 0 {
      fail(environment, now)
    } else {
      untilError -= 1
      if isBacklogged {
        submit(arrived: environment.arrived, now)
      } else {
        meter.completed(arrived: environment.arrived, now, isCold: environment.isCold)
      }
    }
  }

  /// The environment is free again, or gone after a timeout; its invocation is billed.
  @inline(__always)
  mutating func release(_ id: Int32, _ now: Microseconds, isCounted: Bool) {
    meter.ended(now)
    // Rounded up to a millisecond.
    let milliseconds = isCounted ? Int((now - table[id].billedFrom + 999) / 1000) : 0
    if table[id].isProvisioned {
      billed.provisionedMilliseconds += milliseconds
      provisioned.busy -= 1
      table.release(id)
    } else {
      onDemandMilliseconds += milliseconds
      onDemandBusy -= 1
      if table[id].phase == .timingOut {
        onDemand.discard(id, &table)
      } else {
        onDemand.becomeIdle(id, now, &table)
      }
    }
  }

  /// A function error: the end of a synchronous request whose client does not retry; an asynchronous event is tried
  /// twice more.
  private mutating func fail(_ environment: Environment, _ now: Microseconds) {
    let isCounted = meter.isCounted(environment.arrived)
    let isItsOwn = environment.phase != .timingOut && environment.phase != .failing
    if isItsOwn { drawUntilError() }
    if isCounted {
      meter.outcome.functionErrors += 1
      if environment.phase == .timingOut { meter.outcome.timeouts += 1 }
    }
    let errors = environment.errors + 1
    if source == .synchronous {
      let isRepeated = retries.addClientRetry(
        arrived: environment.arrived, errors: errors, throttles: environment.throttles, now: now)
      if isRepeated { return }
      if isCounted { meter.outcome.failed += 1 }
    } else if errors > maximumErrors {
      if isCounted { meter.outcome.lost.retriesExhausted += 1 }
    } else if now + RetryQueue.errorDelay[Int(errors) - 1] > environment.arrived + maximumAge {
      if isCounted { meter.outcome.lost.expired += 1 }
    } else {
      retries.addFailed(arrived: environment.arrived, errors: errors, now: now)
      meter.outcome.longestQueue = max(meter.outcome.longestQueue, retries.count)
      return
    }
    if isItsOwn, isCounted { meter.outcome.failedByItself += 1 }
    meter.gaveUp(arrived: environment.arrived, now, isCold: environment.isCold)
  }
}
