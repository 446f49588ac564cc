/// A serverless endpoint's environments: provisioned ones first, then the one that became idle last, then a cold one.
struct ServerlessPool {
  private let coldStart: Microseconds
  private let lifetime: Microseconds
  private let maximum: Int
  let provisioned: Int
  /// When each idle on-demand environment became idle, the earliest first; those before `firstIdle` are gone.
  private var idle: [Microseconds] = []
  private var firstIdle = 0
  private var busyProvisioned = 0
  private var busyOnDemand = 0
  private(set) var coldStarts = 0
  private(set) var refused = 0

  struct Assignment {
    var isProvisioned: Bool
    /// Before the request is worked on: the cold start.
    var delay: Microseconds
  }

  init(_ model: ServerlessModel) {
    coldStart = model.coldStart.microseconds
    lifetime = model.idleLifetime.microseconds
    maximum = model.maximumConcurrency
    provisioned = model.provisioned
  }

  /// - Returns: nil when the request is throttled.
  mutating func acquire(_ now: Microseconds, isCounted: Bool) -> Assignment? {
    if busyProvisioned + busyOnDemand >= maximum {
      if isCounted { refused += 1 }
      return nil
    }
    if busyProvisioned < provisioned {
      busyProvisioned += 1
      return Assignment(isProvisioned: true, delay: 0)
    }
    expire(now)
    busyOnDemand += 1
    if idle.count > firstIdle {
      idle.removeLast()
      return Assignment(isProvisioned: false, delay: 0)
    }
    if isCounted { coldStarts += 1 }
    return Assignment(isProvisioned: false, delay: coldStart)
  }

  mutating func release(isProvisioned: Bool, _ now: Microseconds) {
    if isProvisioned {
      busyProvisioned -= 1
    } else {
      busyOnDemand -= 1
      idle.append(now)
    }
  }

  private mutating func expire(_ now: Microseconds) {
    while firstIdle < idle.count, idle[firstIdle] + lifetime <= now { firstIdle += 1 }
    if firstIdle == idle.count || firstIdle > 1024 {
      idle.removeFirst(firstIdle)
      firstIdle = 0
    }
  }
}
