/// The settings that the search tries first.
struct Candidates {
  let demand: Demand
  let account: AccountLimits
  let traffic: Traffic
  let timeZoneIdentifier: String

  /// Lambda settings of each kind before an endpoint, within what the account allows, no two equal.
  func concurrency(
    _ kinds: Set<Alternative.Kind>, before endpoint: EndpointModel?
  ) -> [ConcurrencySettings] {
    var settings: [ConcurrencySettings] = []
    func add(_ kind: Alternative.Kind, _ candidates: [ConcurrencySettings]) {
      guard kinds.contains(kind) else { return }
      for candidate in candidates
      where candidate.problems(in: account).isEmpty && !settings.contains(candidate) {
        settings.append(candidate)
      }
    }
    add(.nothing, [ConcurrencySettings()])
    add(.reserved, reserved(before: endpoint).map { ConcurrencySettings(reserved: $0) })
    add(.provisioned, provisioned.map { ConcurrencySettings(provisioned: .fixed($0)) })
    // A trace of six hours says nothing of the other eighteen.
    if demand.coversADay { add(.scheduled, [0.9, 1].map { scheduled($0) }) }
    add(.autoscaled, tracked)
    return settings
  }

  private var peak: Int { max(1, demand.concurrency(1)) }

  private func bounded(_ amount: Double) -> Int {
    max(1, min(account.maximumReservable, Int(amount.rounded(.up))))
  }

  /// The peak and a tenth, which AWS suggests; and from one on, each about a third more than the one before. Duration
  /// on provisioned concurrency is cheaper, so what is busy enough may cost less than nothing provisioned; behind a
  /// full endpoint invocations wait, so more than the peak of free workers may be needed.
  private var provisioned: [Int] {
    var amounts = [bounded(Double(peak)), bounded(Double(peak) * 1.1)]
    var next = 1.0
    while next < Double(peak) * 2.5 {
      amounts.append(bounded(next))
      next = max(next + 1, next * 1.33)
    }
    return Array(Set(amounts)).sorted()
  }

  /// Around the peak; and around what the endpoint's workers can do at once, since a reservation also keeps an
  /// endpoint's queue short.
  private func reserved(before endpoint: EndpointModel?) -> [Int] {
    var amounts = [0.5, 0.75, 1, 1.5].map { bounded(Double(peak) * $0) }
    if let endpoint, endpoint.serverless == nil, !endpoint.isAsynchronous {
      let workers = Double(
        (endpoint.tracking?.maximum ?? endpoint.instances) * endpoint.workersPerInstance)
      var next = workers
      while next <= workers * 4 {
        amounts.append(bounded(next))
        next = max(next + 1, (next * 1.05).rounded(.down))
      }
    }
    return Array(Set(amounts)).sorted()
  }

  private var tracked: [ConcurrencySettings] {
    let most = bounded(Double(peak) * 1.5)
    return [1, bounded(Double(demand.concurrency(0.5))), bounded(Double(demand.concurrency(0.9)))]
      .flatMap { least in
        [0.5, 0.7, 0.9].map { target in
          ConcurrencySettings(
            provisioned: .autoscaled(
              TargetTracking(minimum: min(least, most), maximum: most, target: target)))
        }
      }
  }

  private func scheduled(_ share: Double) -> ConcurrencySettings {
    let amounts = demand.concurrencyByHour(share).mapValues { $0.map { bounded(Double($0)) } }
    let clock = ClockSchedule(amounts, timeZoneIdentifier: timeZoneIdentifier)
    return ConcurrencySettings(
      provisioned: .byClock(clock, traffic, initial: amounts[2]?.first ?? 1))
  }

  /// Fixed numbers of instances from the mean load to an eighth of the utilization at the peak.
  func fixed(_ model: EndpointModel) -> [EndpointModel] {
    guard model.kind == .instances else { return [] }
    let fewest = instances(model, demand.rate(0.5), 1)
    let most = instances(model, demand.rate(1), 0.125)
    var found: [EndpointModel] = []
    var count = fewest
    while count <= most {
      found.append(fixed(model, count))
      // Each number while there are few, then steps of an eighth.
      count += max(1, count / 8)
    }
    if found.last?.instances != most { found.append(fixed(model, most)) }
    return found
  }

  /// Endpoints whose capacity follows the traffic.
  func adaptive(_ model: EndpointModel) -> [EndpointModel] {
    switch model.kind {
    case .serverless(let serverless): return self.serverless(model, serverless)
    case .asynchronous: return asynchronous(model)
    case .instances:
      let most = instances(model, demand.rate(1), 0.125)
      guard most > 1, !model.instanceType.hasPrefix("ml.t") else { return [] }
      return scaling(
        model,
        leasts: [
          1, instances(model, demand.rate(0.5), 0.5), instances(model, demand.rate(0.9), 0.7),
        ],
        mosts: [instances(model, demand.rate(1), 0.5), most])
    }
  }

  private func instances(_ model: EndpointModel, _ rate: Double, _ utilization: Double) -> Int {
    max(1, Int((rate / model.maximumRatePerInstance / utilization).rounded(.up)))
  }

  private func serverless(_ model: EndpointModel, _ start: ServerlessModel) -> [EndpointModel] {
    let limits = [Double(peak), Double(peak) * 1.5, Double(peak) * 3, 200]
    let warm = [0, 1, demand.concurrency(0.5), demand.concurrency(0.9), peak]
    var found: [EndpointModel] = []
    for limit in Set(limits.map { max(1, min(200, Int($0.rounded(.up)))) }).sorted() {
      for provisioned in Set(warm.map { min(limit, $0) }).sorted() {
        var serverless = start
        (serverless.maximumConcurrency, serverless.provisioned) = (limit, provisioned)
        var model = model
        model.kind = .serverless(serverless)
        found.append(model)
      }
    }
    return found
  }

  /// From none or one instance to what the peak needs, on AWS's example of a backlog of 5 per instance.
  private func asynchronous(_ model: EndpointModel) -> [EndpointModel] {
    let needed = instances(model, demand.rate(1), 0.7)
    let mosts = Set([1, instances(model, demand.rate(0.5), 0.7), needed, needed * 2]).sorted()
    return mosts.flatMap { most in
      [0, 1].filter { $0 <= most }.flatMap { least in
        [2.0, 5].map { target in
          var model = model
          model.instances = least
          model.tracking = TargetTracking(
            minimum: least, maximum: most, target: target, scaleOutCooldown: .seconds(300),
            scaleInCooldown: .seconds(300))
          return model
        }
      }
    }
  }

  private func fixed(_ model: EndpointModel, _ count: Int) -> EndpointModel {
    var model = model
    model.instances = count
    model.tracking = nil
    return model
  }

  private func scaling(_ model: EndpointModel, leasts: [Int], mosts: [Int]) -> [EndpointModel] {
    var found: [EndpointModel] = []
    let cooldowns = [Duration.seconds(300), .seconds(30)]
    for least in leasts {
      for most in mosts where most > least {
        for share in [0.3, 0.5, 0.7, 0.9] {
          for cooldown in cooldowns {
            var model = model
            let target = (model.maximumRatePerInstance * share * 60).rounded(.up)
            model.tracking = TargetTracking(
              minimum: least, maximum: most, target: target, scaleOutCooldown: cooldown,
              scaleInCooldown: cooldown)
            let atStart = (demand.firstConcurrency / share / Double(model.workersPerInstance))
              .rounded(.up)
            model.instances = min(most, max(least, Int(atStart)))
            if !found.contains(model) { found.append(model) }
          }
        }
      }
    }
    return found
  }
}
