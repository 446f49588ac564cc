import Foundation

/// The state of a simulation and its loop. Events come from four sources, each in order by itself: the arrivals, the
/// environments' timing wheel, the retry queue, the agenda. Of equal times environments end first, so what they free
/// can be used; then the agenda, retries, arrivals.
struct Simulator: ~Copyable {
  // What does not change.
  let source: FunctionModel.Source
  let timeout: Microseconds
  /// Of a cold start: the part before the timeout begins, and the part inside it (``InitRule``).
  let initBefore: Microseconds
  let initInside: Microseconds
  let maximumAge: Microseconds
  let maximumErrors: UInt8
  let errorShare: Double
  /// The function's ceiling, and whether it is a reservation.
  let ceiling: Int
  let isReserved: Bool
  let invocationTimeout: Microseconds
  let launchDelay: Microseconds
  let metricDelay: Microseconds
  let idleEndpointReportsZero: Bool
  /// The measured part of the simulated time; the lead-in lies before it.
  let trafficStart: Microseconds
  let trafficEnd: Microseconds
  let pointLength: Microseconds

  // Sources of events.
  var leadArrivals: ArrivalStream
  var isLeadingIn: Bool
  var arrivals: ArrivalStream
  var nextArrival = Microseconds.never
  var wheel: TimingWheel
  var retries: RetryQueue
  var agenda = Agenda()

  // The function.
  var table = EnvironmentTable()
  var onDemand: OnDemandPool
  var onDemandBusy = 0
  var provisioned: ProvisionedPool
  var onDemandRate = RequestRateCap()
  var provisionedRate = RequestRateCap()
  var scaling = ScalingRate()
  var ownDuration: DurationSampler
  var untilError: Int
  var errorRandom: RandomBits
  let exponential = ExponentialTable()
  /// The init of the environment that was admitted last.
  var isAdmittedCold = false

  // The queue before it.
  var messages: MessageQueue
  var isPolling = false

  // The endpoint.
  let hasEndpoint: Bool
  let isServerless: Bool
  let isBacklogged: Bool
  var fleet: Fleet
  var serverless: ServerlessPool
  var backlog: Backlog
  var serviceTime: DurationSampler
  var isLaunching = false

  // Scaling.
  var provisionedTracker: Tracker?
  let statistic: TargetTracking.Statistic
  var provisionedMinimum: Int
  var provisionedMaximum: Int
  var endpointTracker: Tracker?
  var wakeUpAlarm = MetricAlarm(2, outOf: 2)
  var utilisationSum = 0.0
  var utilisationCount = 0
  var utilisationMost = 0.0
  var callsOfMinute = 0

  var meter: Meter
  var billed = BilledQuantities()
  var onDemandMilliseconds = 0
  var isAfterTraffic = false

  init(_ scenario: Scenario, _ traffic: Traffic, _ options: Simulation.Options) {
    let function = scenario.function
    source = function.source
    timeout = function.timeout.microseconds
    let initDuration = function.initDuration.microseconds
    initBefore = min(initDuration, InitRule.onDemandLimit)
    initInside = initDuration > InitRule.onDemandLimit ? initDuration : 0
    maximumAge = function.maximumEventAge.microseconds
    maximumErrors = UInt8(function.maximumErrorRetries)
    errorShare = function.errorShare
    isReserved = scenario.concurrency.reserved != nil
    ceiling =
      scenario.concurrency.reserved
      ?? scenario.account.concurrency - scenario.account.usedByOthers
    metricDelay = scenario.assumptions.metricDelay.microseconds
    idleEndpointReportsZero = scenario.assumptions.idleEndpointReportsZero
    let length = traffic.duration.microseconds
    trafficStart = min(length, options.leadIn.microseconds)
    trafficEnd = trafficStart + length
    let points = Microseconds(options.seriesPoints)
    pointLength = max(1, options.pointLength?.microseconds ?? (length + points - 1) / points)
    meter = Meter(options, start: trafficStart)

    let seed = options.seed
    leadArrivals = ArrivalStream(traffic, seed: seed &+ 0x9E37_79B9)
    isLeadingIn = trafficStart > 0
    arrivals = ArrivalStream(traffic, seed: seed)
    wheel = TimingWheel(eventsPerSecond: 2 * traffic.peakRatePerSecond)
    retries = RetryQueue(
      clientDelays: source == .synchronous ? function.clientRetries?.delays ?? [] : [])
    onDemand = OnDemandPool(idleLifetime: function.idleLifetime.microseconds)
    provisioned = ProvisionedPool(
      preparation: scenario.account.provisionedPreparation.microseconds)
    ownDuration = DurationSampler(function.duration, seed: seed, stream: 2)
    errorRandom = RandomBits(seed: seed, stream: 5)
    untilError = .max
    messages = MessageQueue(function)

    hasEndpoint = scenario.endpoint != nil
    let endpoint = scenario.endpoint ?? EndpointModel(serviceTime: .constant(.zero))
    isServerless = endpoint.serverless != nil
    isBacklogged = endpoint.isAsynchronous
    fleet = Fleet(endpoint, seed: seed)
    serverless = ServerlessPool(
      endpoint.serverless ?? ServerlessModel(memoryMegabytes: 1024, maximumConcurrency: 1))
    backlog = Backlog(endpoint)
    serviceTime = DurationSampler(endpoint.serviceTime, seed: seed, stream: 3)
    invocationTimeout = endpoint.invocationTimeout.microseconds
    launchDelay = endpoint.launchDelay.microseconds
    endpointTracker = endpoint.tracking.map { Tracker($0, scenario.assumptions) }

    let settings = scenario.concurrency.provisioned
    provisionedTracker = settings?.tracking.map { Tracker($0, scenario.assumptions) }
    statistic = settings?.tracking?.statistic ?? .average
    provisionedMinimum = settings?.tracking?.minimum ?? 0
    provisionedMaximum = settings?.tracking?.maximum ?? .max
    if let settings { begin(settings) }
    drawUntilError()
    fillAgenda()
  }

  private mutating func begin(_ settings: ProvisionedConcurrency) {
    if settings.isReadyAtStart {
      provisioned.begin(with: settings.initial)
    } else {
      requestProvisioned(settings.initial, 0)
    }
    for action in settings.schedule {
      agenda.add(.scheduled(action), at: trafficStart + action.at.microseconds)
    }
  }

  private mutating func fillAgenda() {
    if isLeadingIn { agenda.add(.startOfTraffic, at: trafficStart) }
    agenda.add(.endOfTraffic, at: trafficEnd)
    if trafficStart + pointLength < trafficEnd {
      agenda.add(.endOfPoint, at: trafficStart + pointLength)
    }
    if endpointTracker != nil || provisionedTracker != nil {
      agenda.add(.endOfMinute, at: Microseconds.minute)
    }
  }

  /// How many invocations go well before the next function error.
  mutating func drawUntilError() {
    if errorShare <= 0 { return }
    if errorShare >= 1 {
      untilError = 0
    } else {
      let draw = exponential.draw(&errorRandom) / -log1p(-errorShare)
      untilError = Int(min(draw, 1e15))
    }
  }

  @inline(__always)
  private mutating func takeArrival() -> Microseconds {
    if isLeadingIn {
      let time = leadArrivals.next()
      if time < trafficStart { return time }
      isLeadingIn = false
    }
    let time = arrivals.next()
    return time == .never ? .never : time + trafficStart
  }

  mutating func run() -> Outcome {
    var now: Microseconds = 0
    nextArrival = takeArrival()
    while true {
      let limit = min(nextArrival, min(retries.nextDue, agenda.nextDue))
      let id = wheel.removeFirst(until: limit, &table)
      if id >= 0 {
        now = table[id].due
        advance(id, now)
        continue
      }
      if limit == .never { break }
      // Nothing is left but minutes without traffic.
      if isAfterTraffic, nextArrival == .never, retries.count == 0, wheel.count == 0,
        backlog.isEmpty, messages.isEmpty
      {
        break
      }
      now = limit
      if agenda.nextDue == now {
        attendToAgenda(now)
      } else if retries.nextDue == now {
        retry(now)
      } else {
        if now >= trafficStart { meter.arrived(now) }
        if source == .queue {
          enqueue(now)
        } else {
          attempt(now, arrived: now, errors: 0, throttles: 0)
        }
        nextArrival = takeArrival()
      }
    }
    return finish(now)
  }

  private mutating func finish(_ now: Microseconds) -> Outcome {
    if now > trafficEnd || meter.outcome.series.isEmpty { endPoint(max(now, trafficEnd)) }
    billed.requests = meter.outcome.invocations
    billed.onDemandMilliseconds = onDemandMilliseconds
    meter.outcome.billed = billed
    meter.outcome.endpointColdStarts = serverless.coldStarts
    meter.outcome.endpointThrottles = serverless.refused
    return meter.finish(duration: trafficEnd - trafficStart)
  }
}
