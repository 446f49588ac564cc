import AWSControl
import ArgumentParser
import Endpoints

struct EndpointAutoscaleOn: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "on", abstract: "Set bounds, target, and cooldowns (the default).",
    discussion: """
      The target is a number of invocations a minute for each instance, given as such or from the requests a second \
      that one instance handles in a load test: rate x safety x 60. Scale-out takes three minutes above the \
      target and the start of an instance; scale-in takes fifteen minutes below 90 % of it.

      Example: inferencectl endpoint autoscale --endpoint-name dogs --min 1 --max 4 --max-rps 20
      """)

  @OptionGroup var endpoint: EndpointOptions
  @Option(help: "Minimum number of instances, 1 or more.")
  var min: Int
  @Option(help: "Maximum number of instances.")
  var max: Int
  @Option(help: ArgumentHelp("Target invocations a minute for each instance.", valueName: "count"))
  var invocationsPerInstance: Double?
  @Option(
    help: ArgumentHelp(
      "Maximum requests a second of one instance, from a load test.", valueName: "rate"))
  var maxRps: Double?
  @Option(
    help: ArgumentHelp(
      "Share of --max-rps to target, above 0 and at most 1 (default: 0.5).", valueName: "factor"))
  var safety: Double?
  @Option(help: ArgumentHelp("Seconds between two scale-ins, 0 or more.", valueName: "seconds"))
  var scaleInCooldown = 300
  @Option(help: ArgumentHelp("Seconds between two scale-outs, 0 or more.", valueName: "seconds"))
  var scaleOutCooldown = 60
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if (invocationsPerInstance == nil) == (maxRps == nil) {
      throw ValidationError("Set the target with either --invocations-per-instance or --max-rps.")
    }
    if safety != nil, maxRps == nil {
      throw ValidationError("--safety requires --max-rps.")
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
    session.done(
      "\(name) \(outcome.changeCount == 0 ? "is already autoscaled" : "is autoscaled") between \(min) and \(max) instances at "
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
