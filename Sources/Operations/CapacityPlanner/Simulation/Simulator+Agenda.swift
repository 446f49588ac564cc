/// What happens by the clock: metrics, capacity, the points of the series.
extension Simulator {
  mutating func attendToAgenda(_ now: Microseconds) {
    switch agenda.removeFirst() {
    case .endOfMinute:
      endMinute(now)
      agenda.add(.endOfMinute, at: now + Microseconds.minute)
    case .metrics(let metrics): decide(metrics, now)
    case .provisionedReady(let allocation):
      if provisioned.complete(allocation, now) { provisionedTracker?.scaleOutCompleted(now) }
    case .instancesReady(let count):
      resizeEndpoint(to: count, now)
      isLaunching = false
      endpointTracker?.scaleOutCompleted(now)
    case .scheduled(let action):
      apply(action, now)
      if let every = action.every { agenda.add(.scheduled(action), at: now + every.microseconds) }
    case .pollQueue: poll(now)
    case .endOfPoint:
      endPoint(now)
      if now + pointLength < trafficEnd { agenda.add(.endOfPoint, at: now + pointLength) }
    case .startOfTraffic: startTraffic(now)
    case .endOfTraffic: endTraffic(now)
    case nil: break
    }
  }

  /// A minute's metrics, which the alarms see a while later.
  private mutating func endMinute(_ now: Microseconds) {
    var metrics = Metrics()
    if utilisationCount > 0 {
      metrics.utilization =
        statistic == .average ? utilisationSum / Double(utilisationCount) : utilisationMost
    }
    (utilisationSum, utilisationCount, utilisationMost) = (0, 0, 0)
    if isBacklogged {
      let size = backlog.takeSize(now) / Double(Microseconds.minute)
      let instances = backlog.instances.level
      metrics.perInstance = instances > 0 ? size / Double(instances) : nil
      metrics.hasBacklogWithoutCapacity = instances == 0 && size > 0
    } else if callsOfMinute > 0 || idleEndpointReportsZero {
      metrics.perInstance = Double(callsOfMinute) / Double(max(1, fleet.count))
    }
    callsOfMinute = 0
    if metricDelay == 0 {
      decide(metrics, now)
    } else {
      agenda.add(.metrics(metrics), at: now + metricDelay)
    }
  }

  /// What the policies make of a minute's metrics.
  private mutating func decide(_ metrics: Metrics, _ now: Microseconds) {
    if let wanted = provisionedTracker?.decide(
      metric: metrics.utilization, current: provisioned.ready,
      isChanging: provisioned.isAllocating, now: now)
    {
      requestProvisioned(wanted, now)
    }
    let current = isBacklogged ? backlog.instances.level : fleet.count
    if let wanted = endpointTracker?.decide(
      metric: metrics.perInstance, current: current, isChanging: isLaunching, now: now)
    {
      requestInstances(wanted, now)
    }
    // HasBacklogWithoutCapacity, 2 of 2 minutes: the step policy that an endpoint at zero needs.
    if isBacklogged, wakeUpAlarm.add(metrics.hasBacklogWithoutCapacity), !isLaunching, current == 0
    {
      requestInstances(1, now)
    }
  }

  mutating func requestProvisioned(_ count: Int, _ now: Microseconds) {
    if let ready = provisioned.request(count, now) {
      agenda.add(.provisionedReady(allocation: provisioned.allocation), at: ready)
    }
  }

  private mutating func resizeEndpoint(to count: Int, _ now: Microseconds) {
    if isBacklogged {
      backlog.resize(to: count, now)
      startBacklog(now)
    } else {
      fleet.resize(to: count, now)
    }
  }

  /// New instances come after the launch delay and are billed from its beginning; old ones leave at once.
  private mutating func requestInstances(_ count: Int, _ now: Microseconds) {
    let current = isBacklogged ? backlog.instances.level : fleet.count
    guard count > current else {
      resizeEndpoint(to: count, now)
      return
    }
    isLaunching = true
    let billedFrom = max(trafficStart, now)
    let billedUntil = min(trafficEnd, now + launchDelay)
    if billedUntil > billedFrom {
      billed.instanceHours +=
        Double(Microseconds(count - current) * (billedUntil - billedFrom))
        / Double(Microseconds.hour)
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

  private mutating func takeInstances(_ now: Microseconds) -> Double {
    isBacklogged ? backlog.takeInstances(now) : fleet.takeIntegral(now)
  }

  mutating func endPoint(_ now: Microseconds) {
    let instances = hasEndpoint && !isServerless ? takeInstances(now) : 0
    let ready = provisioned.takeIntegral(now)
    meter.endPoint(
      now, isAfterTraffic: isAfterTraffic, provisioned: ready, instances: instances)
    if !isAfterTraffic { billed.instanceHours += instances / Double(Microseconds.hour) }
  }

  /// The lead-in is over: measuring begins.
  private mutating func startTraffic(_ now: Microseconds) {
    meter.begin(now)
    _ = takeInstances(now)
    _ = provisioned.takeIntegral(now)
    provisioned.beginBilling(now)
    _ = messages.takePollers(now)
  }

  /// Standing costs end with the traffic; queued requests continue.
  private mutating func endTraffic(_ now: Microseconds) {
    endPoint(now)
    provisioned.endBilling(now)
    billed.provisionedEnvironmentSeconds = provisioned.billedMicroseconds / 1e6
    billed.pollerHours = messages.takePollers(now) / Double(Microseconds.hour)
    billed.serverlessProvisionedEnvironmentSeconds =
      Double(serverless.provisioned) * Double(trafficEnd - trafficStart) / 1e6
    isAfterTraffic = true
  }
}
