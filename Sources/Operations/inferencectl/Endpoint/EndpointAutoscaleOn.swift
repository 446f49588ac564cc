import AWSControl
import ArgumentParser
import Endpoints

struct EndpointAutoscaleOn: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "on", abstract: "Set bounds, target, and cooldowns (the default).",
    discussion: """
      Changes only what is given; everything else stays, also what another tool has set. --min, --max, and a target are \
      required for a variant that is not autoscaled yet.

      Real-time: the target is a number of invocations a minute for each instance, given as such or from the requests a \
      second that one instance handles in a load test: rate x safety x 60. Scale-out takes three minutes above the \
      target and the start of an instance; scale-in takes fifteen minutes below 90 % of it.

      Asynchronous: the target is the number of waiting requests for each instance. With --min 0 the last instance \
      ends when nothing waits; a step policy and an alarm start the first one again, 5 to 12 minutes after an upload.

      Serverless: provisioned concurrency follows its utilization. The endpoint must have some already.

      \(ScheduleOptions.discussion)

      Examples:
        inferencectl endpoint autoscale --endpoint-name dogs --min 1 --max 4 --max-rps 20
        inferencectl endpoint autoscale --endpoint-name dogs --min 0 --max 4
        inferencectl endpoint autoscale --endpoint-name dogs --max 8
        inferencectl endpoint autoscale --endpoint-name dogs --schedule "cron(0 7 ? * MON-FRI *) 2-8"
      """)

  @OptionGroup var endpoint: EndpointOptions
  @Option(
    help: "Minimum number of instances or provisioned environments, 1 or more; 0 if asynchronous.")
  var min: Int?
  @Option(help: "Maximum number of instances or provisioned environments.")
  var max: Int?
  @Option(help: ArgumentHelp("Target invocations a minute for each instance.", valueName: "count"))
  var invocationsPerInstance: Double?
  @Option(
    help: ArgumentHelp(
      "Maximum requests a second of one instance, from a load test.", valueName: "rate"))
  var maxRps: Double?
  @Option(
    help: ArgumentHelp(
      "Share of --max-rps to target, above 0 and at most 1 (default: 50%).", valueName: "share"))
  var safety: ShareArgument?
  @Option(
    help: ArgumentHelp(
      "Asynchronous: waiting requests for each instance to target (default: 5).",
      valueName: "count"))
  var backlogPerInstance: Double?
  @Option(
    help: ArgumentHelp(
      "Serverless: utilization of the provisioned concurrency to target, 0.1 to 0.9 or 10% to 90% (default: 70%).",
      valueName: "share"))
  var target: ShareArgument?
  @OptionGroup var policy: PolicyOptions
  @OptionGroup var schedules: ScheduleOptions
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    let targets = [invocationsPerInstance, maxRps, backlogPerInstance, target?.value]
    guard targets.compactMap({ $0 }).count <= 1 else {
      throw ValidationError(
        "Set one target: --max-rps or --invocations-per-instance (real-time), --backlog-per-instance (asynchronous), "
          + "or --target (serverless).")
    }
    if safety != nil, maxRps == nil {
      throw ValidationError("--safety requires --max-rps.")
    }
    do { _ = try settings() } catch let refusal as Refusal {
      throw ValidationError(refusal.message)
    }
  }

  func run(in session: Session) throws {
    let client = try session.client()
    let settings = try settings()
    let plan = try EndpointScaling.plan(settings, with: client)
    session.warn(plan.warnings)
    let outcome = try EndpointScaling.apply(plan, with: client)
    let name = "\(endpoint.endpointName)/\(plan.variant.name)"
    let (bounds, tracking) = (outcome.bounds, outcome.tracking)
    let unit = plan.variant.isServerless ? "provisioned environments" : "instances"
    session.done(
      "\(name) \(outcome.changeCount == 0 ? "is already autoscaled" : "is autoscaled") between "
        + "\(bounds.minimum) and \(bounds.maximum) \(unit)\(text(outcome, settings.target, plan.kind))"
        + ScalingListing.differences(outcome),
      json: [
        "endpointName": endpoint.endpointName, "variant": plan.variant.name,
        "kind": plan.kind.rawValue, "minimum": bounds.minimum, "maximum": bounds.maximum,
        "target": tracking?.target,
        "scaleInCooldownSeconds": tracking?.scaleInCooldownSeconds,
        "scaleOutCooldownSeconds": tracking?.scaleOutCooldownSeconds,
        "policy": outcome.policyName, "changes": outcome.changeCount,
        "differences": outcome.differences.map(ScalingListing.json),
        "deletedSchedules": outcome.deletedSchedules,
      ])
  }

  private func text(
    _ outcome: ScalingChange.Outcome, _ target: ScalingTarget?, _ kind: EndpointKind
  ) -> String {
    guard let tracking = outcome.tracking else { return ", without a policy" }
    func cooldown(_ seconds: Int?) -> String { seconds.map { "\($0) s" } ?? "the default" }
    let number = EndpointListing.number(tracking.target)
    let explanation =
      switch (kind, target) {
      case (.realTime, .invocations(let target)?): target.explanation
      case (.realTime, _): "\(number) invocations a minute per instance"
      case (.asynchronous, _): "\(number) waiting requests per instance"
      case (.serverless, _): "a utilization of \(Text.percent(tracking.target))"
      }
    return " at \(explanation), cooldowns \(cooldown(tracking.scaleInCooldownSeconds)) in and "
      + "\(cooldown(tracking.scaleOutCooldownSeconds)) out (policy \(outcome.policyName ?? ""))"
  }

  private func settings() throws -> EndpointScaling.Settings {
    var settings = EndpointScaling.Settings(
      endpointName: endpoint.endpointName, variant: endpoint.variant)
    (settings.minimum, settings.maximum) = (min, max)
    if let maxRps {
      settings.target = .invocations(
        try InvocationTarget(
          maximumRequestsPerSecond: maxRps, safetyFactor: safety?.value ?? 0.5))
    } else if let invocationsPerInstance {
      settings.target = .invocations(
        try InvocationTarget(invocationsPerInstance: invocationsPerInstance))
    } else if let backlogPerInstance {
      settings.target = .backlogPerInstance(backlogPerInstance)
    } else if let target {
      settings.target = .utilization(target.value)
    }
    settings.scaleInCooldownSeconds = policy.scaleInCooldown
    settings.scaleOutCooldownSeconds = policy.scaleOutCooldown
    settings.disablesScaleIn = policy.disablesScaleIn
    settings.schedules = try schedules.bounds(minimum: min, maximum: max)
    try settings.check()
    guard settings.changesSomething else {
      throw ValidationError("Pass what to change, for example --min, --max or --max-rps.")
    }
    return settings
  }
}
