import AWSControl
import ArgumentParser
import Versioning

struct DeployCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "deploy",
    abstract: "Upload and publish a zip, and move the alias's traffic to it; roll back on errors.",
    discussion: """
      Each step monitors the new version's errors, throttles and p99 duration in CloudWatch, and rolls back when one \
      exceeds its limit. An interrupted deployment reports its state, and resumes when it is run again. See \
      docs/operations-deploy.md.

      Example:
      inferencectl deploy dist/bootstrap.zip --function-name photo-classifier --canary 10%:5m --bake 2m
      """)

  @Argument(help: ArgumentHelp("Zip of ./build-zip.sh, at most 50 MB.", valueName: "zip"))
  var zip: String
  @OptionGroup var function: FunctionOption
  @OptionGroup var alias: AliasOption
  @Option(help: "Shift a share of the traffic, wait, then shift all, for example 10%:5m.")
  var canary: TrafficStep?
  @Option(help: "Shift traffic in equal steps, for example 10%:1m.")
  var linear: TrafficStep?
  @Option(help: "How long to monitor the new version after full cutover, for example 2m.")
  var bake: Interval?
  @OptionGroup var limits: HealthOptions
  @Flag(
    help:
      "Move provisioned concurrency from the alias to the versions first; requires --canary or --linear."
  )
  var moveProvisioned = false
  @Flag(help: "Keep the old version's provisioned concurrency, for a warm rollback.")
  var keepOldProvisioned = false
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if canary != nil, linear != nil {
      throw ValidationError("--canary and --linear exclude each other.")
    }
    if moveProvisioned, canary == nil, linear == nil {
      throw ValidationError("--move-provisioned requires --canary or --linear.")
    }
  }

  func run(in session: Session) throws {
    let package = try DeploymentPackage(reading: zip)
    session.note("\(zip): \(Text.size(package.bytes.count)), CodeSha256 \(package.codeSHA256)")
    let deployment = Deployment(
      request(package), with: try session.client(), session.waiter(),
      report: session.note, warn: { session.note("Note: \($0)") })
    let outcome = try deployment.run()
    let before = outcome.previous.map { " (before: version \($0))" } ?? ""
    session.done(
      outcome.isChanged
        ? "Deployed: \(alias.name) is at version \(outcome.version)\(before)"
        : "Nothing to do: \(alias.name) is already at version \(outcome.version)",
      planned: outcome.isChanged
        ? "\(alias.name): would go to version \(outcome.version)\(before)"
        : "Nothing to do: \(alias.name) is already at version \(outcome.version)",
      json: [
        "alias": alias.name, "version": outcome.version, "previous": outcome.previous,
        "changed": outcome.isChanged, "codeSha256": package.codeSHA256,
      ])
  }

  private func request(_ package: DeploymentPackage) -> Deployment.Request {
    var request = Deployment.Request(
      functionName: function.functionName, alias: alias.name, package: package)
    request.traffic = canary.map { .canary($0) } ?? linear.map { .linear($0) } ?? .allAtOnce
    request.limits = limits.limits
    request.watches = limits.watch
    request.bake = bake ?? request.bake
    request.movesProvisioned = moveProvisioned
    request.keepsOldProvisioned = keepOldProvisioned
    return request
  }
}

struct HealthOptions: ParsableArguments {
  @Flag(inversion: .prefixedNo, help: "Monitor the new version in CloudWatch.")
  var watch = true
  @Option(help: ArgumentHelp("Maximum errors per invocation, 0 to 1.", valueName: "share"))
  var maxErrors = 0.01
  @Option(help: ArgumentHelp("Maximum throttled invocations in a step.", valueName: "number"))
  var maxThrottles = 0
  @Option(
    help: ArgumentHelp(
      "Maximum p99 duration in milliseconds (default: 1.5 times the old version's).",
      valueName: "ms"))
  var maxP99: Double?
  @Option(
    help: ArgumentHelp(
      "Minimum invocations of the new version in a step; fewer roll back.", valueName: "number"))
  var minInvocations = 0

  func validate() throws {
    guard (0...1).contains(maxErrors), maxThrottles >= 0, minInvocations >= 0, maxP99 ?? 1 > 0
    else {
      throw ValidationError(
        "--max-errors must be 0 to 1, --max-p99 more than 0; the other limits must not be negative."
      )
    }
  }

  var limits: HealthLimits {
    HealthLimits(
      maximumErrorShare: maxErrors, maximumThrottles: maxThrottles,
      maximumDurationMilliseconds: maxP99, minimumInvocations: minInvocations)
  }
}

extension TrafficStep: ExpressibleByArgument {
  /// For example `10%:5m`.
  package init?(argument: String) { self.init(argument) }
}

extension Interval: ExpressibleByArgument {
  /// For example `90s`, `5m`, `1h`.
  package init?(argument: String) { self.init(argument) }
}
