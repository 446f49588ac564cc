/// The settings that the search tries first.
struct Candidates {
  let demand: Demand
  let account: AccountLimits

  /// Lambda settings of each kind, within what the account allows, no two equal.
  func concurrency(_ kinds: Set<Alternative.Kind>) -> [ConcurrencySettings] {
    var settings: [ConcurrencySettings] = []
    func add(_ kind: Alternative.Kind, _ candidates: [ConcurrencySettings]) {
      guard kinds.contains(kind) else { return }
      for candidate in candidates
      where candidate.problems(in: account).isEmpty && !settings.contains(candidate) {
        settings.append(candidate)
      }
    }
    add(.nothing, [ConcurrencySettings()])
    add(
      .reserved,
      [0.5, 0.75, 1, 1.5].map { ConcurrencySettings(reserved: bounded(Double(peak) * $0)) })
    // AWS suggests the peak and a tenth.
    add(
      .provisioned,
      [
        Double(demand.concurrency(0.5)), Double(demand.concurrency(0.9)), Double(peak),
        Double(peak) * 1.1,
      ]
      .map { ConcurrencySettings(provisioned: .fixed(bounded($0))) })
    add(.scheduled, [0.9, 1].map { ConcurrencySettings(provisioned: scheduled($0)) })
    add(.autoscaled, tracked)
    return settings
  }

  private var peak: Int { max(1, demand.concurrency(1)) }

  private func bounded(_ amount: Double) -> Int {
    max(1, min(account.maximumReservable, Int(amount.rounded(.up))))
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

  /// The hours' needs, each set ten minutes before its hour, repeated daily. Neighbours that need the same share an
  /// action.
  private func scheduled(_ share: Double) -> ProvisionedConcurrency {
    let amounts = demand.concurrencyByHour(share).map { bounded(Double($0)) }
    let lead = Duration.seconds(600)
    let day = Duration.seconds(86_400)
    var actions: [ScheduledAction] = []
    for hour in 0..<24 where amounts[hour] != amounts[(hour + 23) % 24] {
      let start = Duration.seconds(hour * 3600) - lead
      actions.append(
        ScheduledAction(
          at: start < .zero ? start + day : start, every: day, minimum: amounts[hour],
          maximum: amounts[hour]))
    }
    return .scheduled(initial: amounts[0], actions)
  }

  /// Endpoints: fixed numbers from the mean load to an eighth of the utilisation at the peak, and scaling ones.
  func endpoints(_ model: EndpointModel) -> [EndpointModel] {
    func instances(_ rate: Double, _ utilisation: Double) -> Int {
      max(1, Int((rate / model.maximumRatePerInstance / utilisation).rounded(.up)))
    }
    let fewest = instances(demand.rate(0.5), 1)
    let most = instances(demand.rate(1), 0.125)
    var found: [EndpointModel] = []
    var count = fewest
    while count <= most {
      found.append(fixed(model, count))
      // Each number while there are few, then steps of an eighth.
      count += max(1, count / 8)
    }
    if found.last?.instances != most { found.append(fixed(model, most)) }
    if most > 1, !model.instanceType.hasPrefix("ml.t") {
      found += scaling(
        model, leasts: [1, instances(demand.rate(0.5), 0.5), instances(demand.rate(0.9), 0.7)],
        mosts: [instances(demand.rate(1), 0.5), most])
    }
    return found
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
