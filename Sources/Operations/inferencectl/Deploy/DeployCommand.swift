import AWSControl
import ArgumentParser
import Versioning

struct DeployCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "deploy",
    abstract: "Upload and publish a zip, and move the alias's traffic to it; roll back on errors.",
    discussion: """
      Each step monitors the new version and compares it with the old one in the same minutes: errors, failed images, \
      throttles, durations, responses with status 5xx, the failure queue, and alarms. A version that fails is rolled \
      back; a version without enough traffic for a verdict keeps its share, and the command ends with status 3. An \
      interrupted deployment rolls back (--on-stop), or reports its state and resumes when it is run again. See \
      docs/operations-deploy.md.

      Example:
      inferencectl deploy dist/bootstrap.zip --function-name photo-classifier --canary 10%:5m --bake 2m
      """)

  @Argument(
    help: ArgumentHelp(
      "Zip of ./build-zip.sh, at most 50 MB without --s3-bucket.", valueName: "zip"))
  var zip: String
  @Option(
    help: ArgumentHelp(
      "Upload the zip to this bucket in the function's region first, for zips above 50 MB.",
      valueName: "bucket"))
  var s3Bucket: String?
  @OptionGroup var function: FunctionOption
  @OptionGroup var alias: AliasOption
  @Option(help: "Shift a share of the traffic, wait, then shift all, for example 10%:5m.")
  var canary: TrafficStep?
  @Option(help: "Shift traffic in equal steps, for example 10%:1m.")
  var linear: TrafficStep?
  @Option(help: "How long to monitor the new version after full cutover, for example 2m.")
  var bake: Interval?
  @OptionGroup var limits: HealthOptions
  @Option(
    help: ArgumentHelp(
      "What to do with traffic on a version that is not proven at Ctrl-C, SIGTERM, SIGHUP, or an error: rollback or hold."
    ))
  var onStop = Deployment.OnStop.rollback
  @Option(
    help: ArgumentHelp(
      "Invoke the new version with this event before it gets traffic, for example events/test-key.json.",
      valueName: "file"))
  var smoke: String?
  @OptionGroup var force: ForceOption
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
    let isWatched = limits.watch && (canary != nil || linear != nil || bake != nil)
    if !isWatched, let guarding = limits.guarding {
      throw ValidationError(
        "\(guarding) requires --canary, --linear, or --bake, without --no-watch: otherwise nothing is monitored."
      )
    }
  }

  func run(in session: Session) throws {
    let package = try DeploymentPackage(reading: zip, bucket: s3Bucket)
    session.note("\(zip): \(Text.size(package.bytes.count)), CodeSha256 \(package.codeSHA256)")
    let deployment = Deployment(
      try request(package), with: try session.client(), session.waiter(),
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

  private func request(_ package: DeploymentPackage) throws -> Deployment.Request {
    var request = Deployment.Request(
      functionName: function.functionName, alias: alias.name, package: package)
    request.traffic = canary.map { .canary($0) } ?? linear.map { .linear($0) } ?? .allAtOnce
    request.limits = limits.limits
    request.watches = limits.watch
    request.allowsUnproven = limits.allowUnproven
    request.alarms = limits.alarms
    request.onStop = onStop
    request.force = force.force
    request.smokeEvent = try smoke.map { try SmokeEvent(reading: $0) }
    request.bake = bake ?? request.bake
    request.movesProvisioned = moveProvisioned
    request.keepsOldProvisioned = keepOldProvisioned
    return request
  }
}

struct HealthOptions: ParsableArguments {
  @Flag(inversion: .prefixedNo, help: "Monitor the new version in CloudWatch.")
  var watch = true
  @Option(
    help: ArgumentHelp(
      "How many more of its invocations may fail than of the old version's, 0 to 1 or 0% to 100%.",
      valueName: "share"))
  var maxErrors = ShareArgument(0.01)
  @Option(
    help: ArgumentHelp(
      "Maximum p99 duration in milliseconds (default: 1.5 times the old version's durations).",
      valueName: "ms"))
  var maxP99: Double?
  @Option(
    name: .customLong("alarm"),
    help: ArgumentHelp(
      "CloudWatch alarm that rolls back when it is in the state ALARM; repeat for more.",
      valueName: "name"))
  var alarms: [String] = []
  @Flag(help: "Continue when a step ends without enough traffic for a verdict.")
  var allowUnproven = false

  func validate() throws {
    guard maxErrors.value > 0 else { throw ValidationError("--max-errors must be more than 0.") }
    // Lambda's longest invocation takes 15 min.
    if let maxP99, !(maxP99 > 0 && maxP99 <= 900_000) {
      throw ValidationError("--max-p99 must be more than 0 and at most 900000.")
    }
  }

  /// An option that guards the deployment only while it is monitored.
  var guarding: String? {
    if !alarms.isEmpty { return "--alarm" }
    return maxP99 == nil ? nil : "--max-p99"
  }

  var limits: HealthLimits {
    HealthLimits(maximumErrorShare: maxErrors.value, maximumDurationMilliseconds: maxP99)
  }
}

extension Deployment.OnStop: ExpressibleByArgument {}

extension TrafficStep: ExpressibleByArgument {
  /// For example `10%:5m`.
  package init?(argument: String) { self.init(argument) }
}

extension Interval: ExpressibleByArgument {
  /// For example `90s`, `5m`, `1h`.
  package init?(argument: String) { self.init(argument) }
}
