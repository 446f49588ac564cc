import AWSControl
import ArgumentParser
import Endpoints

/// `inferencectl endpoint autoscale --min … --max …`
struct EndpointAutoscaleOn: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "on", abstract: "Sets bounds, target and cooldowns (the default).",
    discussion: """
      The target is the invocations a minute that one instance shall get: given as such, or made of the requests a \
      second that one instance takes in a load test: rate x safety x 60. Scaling out takes three minutes above the \
      target and the start of an instance; scaling in takes fifteen minutes below 90 % of it.
      """)

  @OptionGroup var endpoint: EndpointOptions
  @Option(help: "The least instances, 1 or more.")
  var min: Int
  @Option(help: "The most instances.")
  var max: Int
  @Option(help: ArgumentHelp("Invocations a minute and instance.", valueName: "count"))
  var invocationsPerInstance: Double?
  @Option(
    help: ArgumentHelp("The most requests a second that one instance takes.", valueName: "rate"))
  var maxRps: Double?
  @Option(
    help: ArgumentHelp("The part of --max-rps to aim at (default: 0.5).", valueName: "factor"))
  var safety: Double?
  @Option(help: ArgumentHelp("Seconds between two scale-ins.", valueName: "seconds"))
  var scaleInCooldown = 300
  @Option(help: ArgumentHelp("Seconds between two scale-outs.", valueName: "seconds"))
  var scaleOutCooldown = 60
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if (invocationsPerInstance == nil) == (maxRps == nil) {
      throw ValidationError("Say the target once: --invocations-per-instance or --max-rps.")
    }
    if safety != nil, maxRps == nil {
      throw ValidationError("--safety goes with --max-rps.")
    }
    do { _ = try settings() } catch { throw ValidationError(error.message) }
  }

  func run(in session: Session) throws {
    let client = try session.client()
    let settings = try settings()
    let plan = try EndpointScaling.plan(settings, with: client)
    session.warn(plan.warnings)
    let outcome = try EndpointScaling.apply(plan, with: client)
    let name = "\(endpoint.endpointName)/\(plan.variant.name)"
    session.reportDone(
      "\(name) \(outcome.changeCount == 0 ? "is already scaled" : "is scaled") between \(min) and \(max) instances at "
        + "\(settings.target.explanation), cooldowns \(scaleInCooldown) s in and \(scaleOutCooldown) s out "
        + "(policy \(outcome.policyName))",
      json: [
        "endpointName": endpoint.endpointName, "variant": plan.variant.name, "minimum": min,
        "maximum": max, "target": settings.target.invocationsPerMinute,
        "scaleInCooldownSeconds": scaleInCooldown, "scaleOutCooldownSeconds": scaleOutCooldown,
        "policy": outcome.policyName, "changes": outcome.changeCount,
      ])
  }

  private func settings() throws(Refusal) -> EndpointScaling.Settings {
    let target: InvocationTarget
    if let maxRps {
      target = try InvocationTarget(maximumRequestsPerSecond: maxRps, safetyFactor: safety ?? 0.5)
    } else {
      target = try InvocationTarget(invocationsPerInstance: invocationsPerInstance ?? 0)
    }
    return try EndpointScaling.Settings(
      endpointName: endpoint.endpointName, variant: endpoint.variant, minimum: min, maximum: max,
      target: target, scaleInCooldownSeconds: scaleInCooldown,
      scaleOutCooldownSeconds: scaleOutCooldown)
  }
}
