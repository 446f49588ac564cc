import AWSControl
import ArgumentParser
import Versioning
import JSON

/// `inferencectl deploy`
struct DeployCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "deploy",
    abstract: "Uploads a zip, publishes it, and moves the alias's traffic to it, or back.",
    discussion: """
      Between the steps the new version's errors, throttles and p99 duration are watched in CloudWatch; what \
      exceeds a limit takes the traffic back. Interrupted, it says in which state it left things; run again, it \
      goes on. docs/operations-deploy.md has more.
      """)

  @Argument(help: ArgumentHelp("The zip of ./build-zip.sh, at most 50 MB.", valueName: "zip"))
  var zip: String
  @OptionGroup var function: FunctionOption
  @OptionGroup var alias: AliasOption
  @Option(help: "First a share of the traffic for some time, then all: 10%:5m.")
  var canary: TrafficStep?
  @Option(help: "So much more of the traffic each time: 10%:1m.")
  var linear: TrafficStep?
  @Option(help: "Watch the new version so long after it has all traffic: 2m.")
  var bake: Interval?
  @OptionGroup var limits: HealthOptions
  @Flag(
    help: "With weights: move provisioned concurrency from the alias to the versions, once.")
  var moveProvisioned = false
  @Flag(help: "Leave the old version's provisioned concurrency, for a warm way back.")
  var keepOldProvisioned = false
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if canary != nil, linear != nil {
      throw ValidationError("--canary and --linear exclude each other.")
    }
    if moveProvisioned, canary == nil, linear == nil {
      throw ValidationError("--move-provisioned is for --canary and --linear.")
    }
  }

  func run(in session: Session) throws {
    let package = try DeploymentPackage(reading: zip)
    session.say("\(zip): \(Text.size(package.bytes.count)), CodeSha256 \(package.codeSHA256)")
    let deployment = Deployment(
      request(package), with: try session.client(), session.waiter(),
      say: session.say, warn: { session.note("Note: \($0)") })
    let outcome = try deployment.run()
    if shared.output == .json {
      let members: OperationInput = [
        "alias": alias.qualifier, "version": outcome.version, "previous": outcome.previous,
        "changed": outcome.isChanged, "codeSha256": package.codeSHA256,
      ]
      session.print(Table(), json: members.json)
    }
  }

  private func request(_ package: DeploymentPackage) -> Deployment.Request {
    var request = Deployment.Request(
      functionName: function.functionName, alias: alias.qualifier, package: package)
    request.traffic = canary.map { .canary($0) } ?? linear.map { .linear($0) } ?? .allAtOnce
    request.limits = limits.limits
    request.watches = limits.watch
    request.bake = bake ?? request.bake
    request.movesProvisioned = moveProvisioned
    request.keepsOldProvisioned = keepOldProvisioned
    return request
  }
}

/// What the new version may do.
struct HealthOptions: ParsableArguments {
  @Flag(inversion: .prefixedNo, help: "Watch the new version in CloudWatch.")
  var watch = true
  @Option(help: ArgumentHelp("Errors per invocation, 0 to 1.", valueName: "share"))
  var maxErrors = 0.01
  @Option(help: ArgumentHelp("Throttled invocations in a step.", valueName: "number"))
  var maxThrottles = 0
  @Option(
    help: ArgumentHelp(
      "p99 duration in milliseconds (default: 1.5 times the old version's).", valueName: "ms"))
  var maxP99: Double?
  @Option(
    help: ArgumentHelp(
      "A step with fewer invocations of the new version goes back.", valueName: "number"))
  var minInvocations = 0

  func validate() throws {
    guard (0...1).contains(maxErrors), maxThrottles >= 0, minInvocations >= 0, maxP99 ?? 1 > 0
    else {
      throw ValidationError(
        "--max-errors wants 0 to 1, the other limits want no negative number.")
    }
  }

  var limits: HealthLimits {
    HealthLimits(
      maximumErrorShare: maxErrors, maximumThrottles: maxThrottles,
      maximumDurationMilliseconds: maxP99, minimumInvocations: minInvocations)
  }
}

extension TrafficStep: ExpressibleByArgument {
  /// As `10%:5m`.
  package init?(argument: String) { self.init(argument) }
}

extension Interval: ExpressibleByArgument {
  /// As `90s`, `5m`, `1h`.
  package init?(argument: String) { self.init(argument) }
}

extension Session {
  /// A warning, with the progress line out of its way.
  func note(_ line: String) {
    progress.clear()
    console.note(line)
  }
}
