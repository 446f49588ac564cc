/// What environments do when their time comes.
extension Simulator {
  @inline(__always)
  mutating func advance(_ id: Int32, _ now: Microseconds) {
    switch table[id].phase {
    case .beforeCall: callEndpoint(id, now)
    case .ending: end(id, now, hasFailed: false)
    case .failing, .timingOut: end(id, now, hasFailed: true)
    case .abandoned:
      fleet.complete(table[id].instance, serial: table[id].instanceSerial)
      table.release(id)
    case .idle: break
    }
  }

  /// The function calls the endpoint and waits: until the answer, its own time-out, or the endpoint's limit. A request
  /// that nobody waits for any more still keeps its worker busy.
  @inline(__always)
  mutating func callEndpoint(_ id: Int32, _ now: Microseconds) {
    callsOfMinute += 1
    let assignment = fleet.assign(now, service: serviceTime.draw())
    table[id].instance = Int32(truncatingIfNeeded: assignment.instance)
    table[id].instanceSerial = assignment.serial
    let lambdaLimit = table[id].started + timeout
    let endpointLimit = now + invocationTimeout
    if assignment.completion <= min(lambdaLimit, endpointLimit) {
      table[id].due = assignment.completion
      table[id].phase = .ending
    } else {
      if fleet.needsCompletions { leaveBehind(id, until: assignment.completion) }
      table[id].instance = -1
      table[id].due = min(lambdaLimit, endpointLimit)
      table[id].phase = lambdaLimit <= endpointLimit ? .timingOut : .failing
    }
    wheel.insert(id, &table)
  }

  private mutating func leaveBehind(_ id: Int32, until completion: Microseconds) {
    let abandoned = table.allocate()
    table[abandoned] = table[id]
    table[abandoned].phase = .abandoned
    table[abandoned].due = completion
    wheel.insert(abandoned, &table)
  }

  @inline(__always)
  private mutating func end(_ id: Int32, _ now: Microseconds, hasFailed: Bool) {
    let environment = table[id]
    meter.ended(now)
    if hasEndpoint { fleet.complete(environment.instance, serial: environment.instanceSerial) }
    // Rounded up to a millisecond.
    let milliseconds = Int((now - environment.billedFrom + 999) / 1000)
    if environment.isProvisioned {
      billed.provisionedMilliseconds += milliseconds
      provisioned.busy -= 1
      table.release(id)
    } else {
      onDemandMilliseconds += milliseconds
      onDemandBusy -= 1
      if environment.phase == .timingOut {
        onDemand.discard(id, &table)
      } else {
        onDemand.becomeIdle(id, now, &table)
      }
    }
    if hasFailed || untilError == 0 {
      fail(environment, now)
    } else {
      untilError -= 1
      meter.completed(latency: now - environment.arrived)
    }
  }

  /// A function error: the end of a synchronous request; an asynchronous event is tried twice more.
  private mutating func fail(_ environment: Environment, _ now: Microseconds) {
    meter.outcome.functionErrors += 1
    switch environment.phase {
    case .timingOut: meter.outcome.timeouts += 1
    case .failing: break
    default: drawUntilError()
    }
    let errors = environment.errors + 1
    if !isAsynchronous {
      meter.outcome.failed += 1
    } else if errors > maximumErrors {
      meter.outcome.lost.retriesExhausted += 1
    } else if now + RetryQueue.errorDelay[Int(errors) - 1] > environment.arrived + maximumAge {
      meter.outcome.lost.expired += 1
    } else {
      retries.addFailed(arrived: environment.arrived, errors: errors, now: now)
      meter.outcome.longestQueue = max(meter.outcome.longestQueue, retries.count)
    }
  }
}
