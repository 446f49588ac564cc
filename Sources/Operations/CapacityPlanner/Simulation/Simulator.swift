import Foundation

/// The state of a simulation and its loop. Events come from four sources, each in order by itself: the arrivals, the
/// environments' timing wheel, the retry queue, the agenda. Of equal times environments end first, so what they free
/// can be used; then the agenda, retries, arrivals.
struct Simulator: ~Copyable {
  // What does not change.
  let isAsynchronous: Bool
  let timeout: Microseconds
  let initDuration: Microseconds
  let maximumAge: Microseconds
  let maximumErrors: UInt8
  let errorShare: Double
  /// The function's ceiling, and whether it is a reservation.
  let ceiling: Int
  let isReserved: Bool
  let invocationTimeout: Microseconds
  let launchDelay: Microseconds
  let trafficEnd: Microseconds
  let pointLength: Microseconds

  // Sources of events.
  var arrivals: ArrivalStream
  var nextArrival = Microseconds.never
  var wheel: TimingWheel
  var retries = RetryQueue()
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

  // The endpoint.
  let hasEndpoint: Bool
  var fleet: Fleet
  var serviceTime: DurationSampler
  var isLaunching = false

  // Scaling.
  var provisionedTracker: Tracker?
  let statistic: TargetTracking.Statistic
  var provisionedMinimum: Int
  var provisionedMaximum: Int
  var endpointTracker: Tracker?
  var utilisationSum = 0.0
  var utilisationCount = 0
  var utilisationMost = 0.0
  var callsOfMinute = 0

  var meter = Meter()
  var billed = BilledQuantities()
  var onDemandMilliseconds = 0
  var isAfterTraffic = false

  init(_ scenario: Scenario, _ traffic: Traffic, seed: UInt64, seriesPoints: Int) {
    let function = scenario.function
    isAsynchronous = function.source == .asynchronous
    timeout = function.timeout.microseconds
    initDuration = function.initDuration.microseconds
    maximumAge = function.maximumEventAge.microseconds
    maximumErrors = UInt8(function.maximumErrorRetries)
    errorShare = function.errorShare
    isReserved = scenario.concurrency.reserved != nil
    ceiling =
      scenario.concurrency.reserved
      ?? scenario.account.concurrency - scenario.account.usedByOthers
    trafficEnd = traffic.duration.microseconds
    let points = Microseconds(seriesPoints)
    pointLength = max(1, (trafficEnd + points - 1) / points)

    arrivals = ArrivalStream(traffic, seed: seed)
    wheel = TimingWheel(eventsPerSecond: 2 * traffic.peakRatePerSecond)
    onDemand = OnDemandPool(idleLifetime: function.idleLifetime.microseconds)
    provisioned = ProvisionedPool(
      preparation: scenario.account.provisionedPreparation.microseconds)
    ownDuration = DurationSampler(function.duration, seed: seed, stream: 2)
    errorRandom = RandomBits(seed: seed, stream: 5)
    untilError = .max

    hasEndpoint = scenario.endpoint != nil
    let endpoint = scenario.endpoint ?? EndpointModel(serviceTime: .constant(.zero))
    fleet = Fleet(endpoint, seed: seed)
    serviceTime = DurationSampler(endpoint.serviceTime, seed: seed, stream: 3)
    invocationTimeout = endpoint.invocationTimeout.microseconds
    launchDelay = endpoint.launchDelay.microseconds
    endpointTracker = scenario.endpoint?.tracking.map { Tracker($0) }

    let settings = scenario.concurrency.provisioned
    provisionedTracker = settings?.tracking.map { Tracker($0) }
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
      agenda.add(.scheduled(action), at: action.at.microseconds)
    }
  }

  private mutating func fillAgenda() {
    agenda.add(.endOfTraffic, at: trafficEnd)
    if pointLength < trafficEnd { agenda.add(.endOfPoint, at: pointLength) }
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

  mutating func run() -> Outcome {
    var now: Microseconds = 0
    nextArrival = arrivals.next()
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
      if isAfterTraffic, nextArrival == .never, retries.count == 0, wheel.count == 0 { break }
      now = limit
      if agenda.nextDue == now {
        attendToAgenda(now)
      } else if retries.nextDue == now {
        retry(now)
      } else {
        meter.outcome.arrivals += 1
        attempt(now, arrived: now, errors: 0, throttles: 0)
        nextArrival = arrivals.next()
      }
    }
    return finish(now)
  }

  private mutating func finish(_ now: Microseconds) -> Outcome {
    if now > trafficEnd || meter.outcome.series.isEmpty { endPoint(max(now, trafficEnd)) }
    billed.requests = meter.outcome.invocations
    billed.onDemandMilliseconds = onDemandMilliseconds
    meter.outcome.billed = billed
    return meter.finish(duration: trafficEnd)
  }
}
