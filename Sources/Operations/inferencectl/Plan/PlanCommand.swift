import ArgumentParser
import CapacityPlanner
import Foundation

/// `inferencectl plan TRACE.csv`
struct PlanCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Simulates traffic request by request: which concurrency, how many, at what cost.",
    discussion: """
      Examples:
        inferencectl plan trace.csv --duration 40ms --service-time 120ms --slo p99=500ms
        inferencectl plan trace.csv --source http --duration durations.txt --init 800ms --report plan.html
        inferencectl plan --rate 2 --peak 15 --slo p99.9=1s
        inferencectl plan --from-cloudwatch photo-classifier --days 14 --json

      A trace has a time in each row (seconds, Unix times, any ISO date), or times and counts of a regular grid of \
      bins; what it is taken for is said on standard error. It tries no setting, reserved, provisioned, scheduled and \
      autoscaled concurrency, with fixed and autoscaled endpoints, for the cheapest that keeps the promise of --slo. \
      A request that is throttled or lost counts as slower than any limit. Nothing is changed in AWS: the commands \
      that would set it are printed.

      Exit status: 0 a setting keeps the promise; 1 none does (what comes nearest is printed all the same), or it \
      failed; 2 wrong usage.
      """)

  @OptionGroup(title: "Traffic") var traffic: PlanTrafficOptions
  @OptionGroup(title: "Function") var function: PlanFunctionOptions
  @OptionGroup(title: "Endpoint") var endpoint: PlanEndpointOptions

  @Option(help: ArgumentHelp("The promise to users.", valueName: "percentile=duration"))
  var slo = ServiceLevelArgument(ServiceLevel(percentile: 0.99, latency: .milliseconds(500)))
  @OptionGroup var prices: PriceOption
  @Flag(help: "Subtract the free tier.")
  var freeTier = false
  @Option(help: "Decides every random draw; the same seed gives the same plan.")
  var seed: UInt64 = 1
  @Option(help: ArgumentHelp("Write a page with plots.", valueName: "file.html"))
  var report: String?
  @Flag(help: "The same as --output json.")
  var json = false
  @Flag(help: "Show everything that was simulated, not only the best.")
  var all = false
  @Option(help: ArgumentHelp("For the printed commands.", valueName: "name"))
  var functionName: String?
  @Option(help: ArgumentHelp("For the printed commands.", valueName: "qualifier"))
  var qualifier = "live"
  @Option(help: ArgumentHelp("For the printed commands.", valueName: "name"))
  var endpointName: String?
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if traffic.fromCloudwatch != nil, endpoint.serviceTime != nil, function.duration == nil {
      throw ValidationError(
        "CloudWatch's Duration contains the wait for the endpoint: with --service-time give the function's own time, --duration."
      )
    }
  }

  func run(in session: Session) throws {
    let read = try traffic.read(in: session)
    session.progress.clear()
    for notice in read.notices { session.note("Note: \(notice).") }
    let planner = try planner(read.duration)
    let bar = PlanProgress(session.progress)
    let plan: Plan
    do throws(Planner.Failure) {
      plan = try planner.plan(for: read.traffic) { bar.show($0) }
    } catch {
      session.progress.clear()
      if case .scenario = error { throw ValidationError("\(error.description).") }
      throw error
    }
    session.progress.clear()
    let steps = PlanSteps(
      plan.nearest.scenario, names: names, startUnixSeconds: read.traffic.startUnixSeconds)
    let listing = PlanListing(
      plan: plan, steps: steps, traffic: read.traffic, prices: planner.prices, showsAll: all)
    session.output.result(
      listing.text, json: listing.json(notices: read.notices).json, asJSON: json)
    if let report { try write(report, plan, planner, read.traffic, read.name, steps, session) }
    if plan.best == nil { throw ExitCode(1) }
  }

  /// A point a minute, but no more than a plot can show: the percentiles of a shorter one say little.
  private func points(_ arrivals: Traffic) -> Int {
    max(24, min(240, Int(arrivals.duration / .seconds(60))))
  }

  private func planner(_ measured: DurationModel?) throws -> Planner {
    Planner(
      function: try function.model(measured), account: function.account,
      endpoint: try endpoint.model(), serviceLevel: slo.level,
      prices: try prices.load(),
      includesFreeTier: freeTier, seed: seed)
  }

  private var names: PlanSteps.Names {
    var names = PlanSteps.Names(qualifier: qualifier)
    if let name = functionName ?? traffic.fromCloudwatch { names.function = name }
    if let endpointName { names.endpoint = endpointName }
    return names
  }

  private func write(
    _ path: String, _ plan: Plan, _ planner: Planner, _ arrivals: Traffic, _ name: String,
    _ steps: PlanSteps, _ session: Session
  ) throws {
    session.progress.show("Writing \(path)")
    let page = PlanReport(
      title: "Capacity plan for \(URL(fileURLWithPath: name).lastPathComponent)", plan: plan,
      outcome: try planner.outcome(
        of: plan.nearest, traffic: arrivals, seriesPoints: points(arrivals)),
      traffic: arrivals, steps: steps,
      inputs: PlanInputs(planner: planner, traffic: arrivals, name: name).rows,
      prices: planner.prices)
    try naming(path) { try Data(page.html.utf8).write(to: URL(fileURLWithPath: path)) }
    session.progress.clear()
    session.note("Wrote \(path)")
  }
}

/// `[######······] 123 of 227 simulated`, on a terminal.
struct PlanProgress: Sendable {
  private let line: ProgressLine
  private static let width = 24

  init(_ line: ProgressLine) { self.line = line }

  func show(_ progress: Planner.Progress) {
    let filled = Self.width * progress.completed / max(1, progress.total)
    line.show(
      "[\(String(repeating: "#", count: filled))\(String(repeating: "·", count: Self.width - filled))] "
        + "\(progress.completed) of \(progress.total) simulated")
  }
}
