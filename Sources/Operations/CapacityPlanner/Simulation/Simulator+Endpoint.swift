/// The endpoint of any kind, as the function meets it.
extension Simulator {
  /// A request that the endpoint has taken.
  struct Call {
    var completion: Microseconds
    /// The instance, or 1 for a provisioned serverless environment, 0 for one on demand.
    var place: Int32
    var serial: UInt32 = 0
    /// How long the function waits at most.
    var limit: Microseconds
  }

  /// Calls the endpoint.
  ///
  /// - Returns: nil when it throttles.
  @inline(__always)
  mutating func call(_ now: Microseconds, isCounted: Bool) -> Call? {
    if !isServerless {
      let assignment = fleet.assign(now, service: serviceTime.draw())
      return Call(
        completion: assignment.completion, place: Int32(truncatingIfNeeded: assignment.instance),
        serial: assignment.serial, limit: now + invocationTimeout)
    }
    return callServerless(now, isCounted: isCounted)
  }

  private mutating func callServerless(_ now: Microseconds, isCounted: Bool) -> Call? {
    let service = serviceTime.draw()
    guard let assignment = serverless.acquire(now, isCounted: isCounted) else { return nil }
    if isCounted {
      let milliseconds = Int((service + 999) / 1000)
      if assignment.isProvisioned {
        billed.serverlessProvisionedMilliseconds += milliseconds
      } else {
        billed.serverlessMilliseconds += milliseconds
      }
      billed.serverlessRequests += 1
    }
    let started = now + assignment.delay
    return Call(
      completion: started + service, place: assignment.isProvisioned ? 1 : 0,
      limit: started + invocationTimeout)
  }

  /// Whether somebody must say when a request is done.
  @inline(__always) var needsCompletions: Bool { isServerless || fleet.needsCompletions }

  /// The endpoint has finished a request.
  @inline(__always)
  mutating func completeCall(_ place: Int32, serial: UInt32, _ now: Microseconds) {
    if isServerless {
      if place >= 0 { serverless.release(isProvisioned: place == 1, now) }
    } else {
      fleet.complete(place, serial: serial)
    }
  }

  /// The endpoint works on although nobody waits any more.
  mutating func leaveBehind(_ call: Call) {
    let abandoned = table.allocate()
    table[abandoned] = Environment()
    table[abandoned].instance = call.place
    table[abandoned].instanceSerial = call.serial
    table[abandoned].phase = .abandoned
    table[abandoned].due = call.completion
    wheel.insert(abandoned, &table)
  }

  /// The function has handed a request to an asynchronous endpoint and is done with it.
  mutating func submit(arrived: Microseconds, _ now: Microseconds) {
    backlog.add(
      Backlog.Request(arrived: arrived, submitted: now, service: serviceTime.draw()), now)
    startBacklog(now)
  }

  /// Gives waiting requests to free workers.
  mutating func startBacklog(_ now: Microseconds) {
    while let request = backlog.startNext(now) {
      if now - request.submitted > Backlog.longestWait {
        backlog.finish(now)
        meter.gaveUp(arrived: request.arrived, now, isCold: false)
        if meter.isCounted(request.arrived) { meter.outcome.lost.expired += 1 }
        continue
      }
      let work = table.allocate()
      table[work] = Environment()
      table[work].arrived = request.arrived
      table[work].phase = .backlog
      table[work].due = now + request.service
      wheel.insert(work, &table)
    }
  }

  mutating func endBacklogWork(_ id: Int32, _ now: Microseconds) {
    let arrived = table[id].arrived
    table.release(id)
    backlog.finish(now)
    meter.completed(arrived: arrived, now, isCold: false)
    startBacklog(now)
  }
}
