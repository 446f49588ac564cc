/// What happens by the clock: metrics, capacity, the points of the series.
extension Simulator {
  mutating func attendToAgenda(_ now: Microseconds) {
    switch agenda.removeFirst() {
    case .endOfMinute:
      endMinute(now)
      agenda.add(.endOfMinute, at: now + Microseconds.minute)
    case .provisionedReady(let allocation):
      if provisioned.complete(allocation, now) { provisionedTracker?.scaleOutCompleted(now) }
    case .instancesReady(let count):
      fleet.resize(to: count, now)
      isLaunching = false
      endpointTracker?.scaleOutCompleted(now)
    case .scheduled(let action):
      apply(action, now)
      if let every = action.every { agenda.add(.scheduled(action), at: now + every.microseconds) }
    case .endOfPoint:
      endPoint(now)
      if now + pointLength < trafficEnd { agenda.add(.endOfPoint, at: now + pointLength) }
    case .endOfTraffic: endTraffic(now)
    case nil: break
    }
  }

  /// A metric a minute for each policy, and what the policies make of it.
  private mutating func endMinute(_ now: Microseconds) {
    if let utilisation = utilisationOfMinute(),
      let wanted = provisionedTracker?.decide(
        metric: utilisation, current: provisioned.ready, isChanging: provisioned.isAllocating,
        now: now)
    {
      requestProvisioned(wanted, now)
    } else if utilisationCount == 0 {
      // No invocation, no metric: the alarms' counts begin again.
      _ = provisionedTracker?.decide(
        metric: nil, current: provisioned.ready, isChanging: provisioned.isAllocating, now: now)
    }
    (utilisationSum, utilisationCount, utilisationMost) = (0, 0, 0)

    // SageMaker emits zeros when there is no traffic, so an endpoint does scale in.
    let callsPerInstance = Double(callsOfMinute) / Double(fleet.count)
    callsOfMinute = 0
    if let wanted = endpointTracker?.decide(
      metric: callsPerInstance, current: fleet.count, isChanging: isLaunching, now: now)
    {
      requestInstances(wanted, now)
    }
  }

  private func utilisationOfMinute() -> Double? {
    if utilisationCount == 0 { return nil }
    return statistic == .average ? utilisationSum / Double(utilisationCount) : utilisationMost
  }

  mutating func requestProvisioned(_ count: Int, _ now: Microseconds) {
    if let ready = provisioned.request(count, now) {
      agenda.add(.provisionedReady(allocation: provisioned.allocation), at: ready)
    }
  }

  /// New instances come after the launch delay and are billed from its beginning; old ones leave at once.
  private mutating func requestInstances(_ count: Int, _ now: Microseconds) {
    guard count > fleet.count else {
      fleet.resize(to: count, now)
      return
    }
    isLaunching = true
    let launching = Microseconds(count - fleet.count)
    let billedUntil = min(trafficEnd, now + launchDelay)
    if billedUntil > now {
      billed.instanceHours += Double(launching * (billedUntil - now)) / Double(Microseconds.hour)
    }
    agenda.add(.instancesReady(count), at: now + launchDelay)
  }

  /// A scheduled action sets the bounds; capacity outside them moves to the nearer one.
  private mutating func apply(_ action: ScheduledAction, _ now: Microseconds) {
    (provisionedMinimum, provisionedMaximum) = (action.minimum, action.maximum)
    provisionedTracker?.minimum = action.minimum
    provisionedTracker?.maximum = action.maximum
    let wanted = min(provisionedMaximum, max(provisionedMinimum, provisioned.requested))
    if wanted != provisioned.requested { requestProvisioned(wanted, now) }
  }

  mutating func endPoint(_ now: Microseconds) {
    let instances = fleet.takeIntegral(now)
    let ready = provisioned.takeIntegral(now)
    meter.endPoint(
      now, isAfterTraffic: isAfterTraffic, provisioned: ready,
      instances: hasEndpoint ? instances : 0)
    if !isAfterTraffic {
      billed.instanceHours += hasEndpoint ? instances / Double(Microseconds.hour) : 0
    }
  }

  /// Standing costs end with the traffic; what is still queued goes on.
  private mutating func endTraffic(_ now: Microseconds) {
    endPoint(now)
    provisioned.endBilling(now)
    billed.provisionedEnvironmentSeconds = provisioned.billedMicroseconds / 1e6
    isAfterTraffic = true
  }
}
