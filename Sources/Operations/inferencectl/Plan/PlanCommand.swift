import ArgumentParser
import CapacityPlanner
import Foundation
import Platform

/// `inferencectl plan TRACE.csv`
struct PlanCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract:
      "Find the cheapest concurrency and endpoint for your traffic by simulating every request.",
    discussion: """
      Examples:
        inferencectl plan trace.csv --duration 40ms --service-time 120ms --slo p99=500ms
        inferencectl plan access.log.gz --source http --client-attempts 3 --init 800ms --report plan.html
        inferencectl plan --from-cloudwatch photo-classifier --days 14 --what-if reserved=20
        inferencectl plan trace.csv --present instances=4 --service-time 150ms --serverless 2048=700ms

      A trace has a time in each row (seconds, Unix times, any ISO date), or times and counts of a regular grid. \
      CloudWatch's get-metric-data and get-metric-statistics, the console's CSV, Logs Insights, load balancers' access \
      logs, and JSON Lines are read as they are, also with gzip. The detected format is printed on standard error; a \
      file that can be read in two ways is rejected with the option that decides.

      The command tries no setting, reserved, provisioned, scheduled, and autoscaled concurrency with fixed and \
      autoscaled endpoints, and recommends the cheapest that keeps the service-level objective (--slo) on several draws \
      and refuses no more requests than the best. It changes nothing in AWS: it prints the commands that would.

      Exit status: 0 a setting keeps the objective; 1 no setting certainly keeps it (the closest is printed), or the \
      command failed; 2 wrong usage.
      """)

  @OptionGroup(title: "Traffic") var traffic: PlanTrafficOptions
  @OptionGroup(title: "Function") var function: PlanFunctionOptions
  @OptionGroup(title: "Caller") var source: PlanSourceOptions
  @OptionGroup(title: "Endpoint") var endpoint: PlanEndpointOptions
  @OptionGroup(title: "Assumptions") var assumptions: PlanAssumptionOptions

  @Option(
    help: ArgumentHelp(
      "Service-level objective, for example p99.9=1s.", valueName: "percentile=duration"))
  var slo = ServiceLevelArgument(ServiceLevel(percentile: 0.99, latency: .milliseconds(500)))
  @Option(
    help: ArgumentHelp(
      "Share of requests that must not be refused, for example 99.9% (default: as many as the best setting within reach serves).",
      valueName: "share"))
  var availability: AvailabilityArgument?
  @Option(
    help: ArgumentHelp(
      "Setting in place, to compare with: none, or reserved=20,provisioned=2-9@0.7,instances=4,type=ml.m5.large,memory=512 (default with --from-cloudwatch: read from AWS).",
      valueName: "setting"))
  var present: PlanSettingArgument?
  @Option(
    help: ArgumentHelp(
      "Another setting to price, in the same form; may be repeated.", valueName: "setting"))
  var whatIf: [PlanSettingArgument] = []
  @Option(
    help: ArgumentHelp(
      "Clock of schedules, hours, and days, for example Europe/Berlin (default: UTC).",
      valueName: "zone"))
  var timezone: TimeZoneArgument?
  @OptionGroup var prices: PriceOption
  @Flag(help: "Subtract the free tier.")
  var freeTier = false
  @Option(help: "Seed of every random draw; the same seed gives the same plan.")
  var seed: UInt64 = 1
  @Option(help: ArgumentHelp("Write a page with plots.", valueName: "file.html"))
  var report: String?
  @Flag(help: "The same as --output json.")
  var json = false
  @Flag(help: "Print everything that was simulated, not only the best.")
  var all = false
  @Option(help: ArgumentHelp("Function name in the printed commands.", valueName: "name"))
  var functionName: String?
  @Option(help: ArgumentHelp("Alias in the printed commands.", valueName: "qualifier"))
  var qualifier = "live"
  @Option(help: ArgumentHelp("Endpoint name in the printed commands.", valueName: "name"))
  var endpointName: String?
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if traffic.fromCloudwatch != nil, !endpoint.serviceTime.isEmpty, function.duration == nil {
      throw ValidationError(
        "CloudWatch's Duration contains the wait for the endpoint: with --service-time give the function's own time, --duration."
      )
    }
  }

  func run(in session: Session) throws {
    let read = try traffic.read(in: session, qualifier: qualifier)
    session.progress.clear()
    for notice in read.notices { session.note("Note: \(notice).") }
    let planner = try planner(read.function)
    let settings = try (
      present: present?.scenario(planner, "--present") ?? read.function?.present(planner),
      whatIfs: whatIf.map { ($0.text, try $0.scenario(planner, "--what-if")) }
    )
    if present == nil, let problem = read.function?.presentProblem(planner) {
      session.note("Note: \(problem).")
    }
    let warnings = PlanRun.warnings(read.traffic, planner)
    for warning in warnings { session.note("Warning: \(warning).") }
    let run = try refusing(session) {
      try simulate(planner, read, settings.present, settings.whatIfs, session)
    }
    session.progress.clear()
    let steps = PlanSteps(
      run.plan.nearest.scenario, names: names(read.function),
      startUnixSeconds: read.traffic.startUnixSeconds)
    let listing = PlanListing(run: run, steps: steps, warnings: warnings, showsAll: all)
    session.output.result(
      listing.text, json: listing.json(notices: read.notices).json, asJSON: json)
    if let report { try write(report, run, steps, warnings, session) }
    if run.plan.best == nil { throw ExitCode(1) }
  }

  /// What AWS would refuse of the options is wrong usage.
  private func refusing(_ session: Session, _ body: () throws -> PlanRun) throws -> PlanRun {
    do {
      return try body()
    } catch let error as Planner.Failure {
      session.progress.clear()
      if case .scenario = error { throw ValidationError("\(error.description).") }
      throw error
    }
  }

  private func simulate(
    _ planner: Planner, _ read: PlanTraffic, _ present: Scenario?,
    _ whatIfs: [(String, Scenario)], _ session: Session
  ) throws -> PlanRun {
    let bar = PlanProgress(session.progress)
    let plan = try planner.plan(for: read.traffic) { bar.show($0) }
    var run = PlanRun(planner: planner, traffic: read.traffic, name: read.name, plan: plan)
    if let present {
      let alternative = try planner.alternative(present, traffic: read.traffic)
      run.present = alternative
      let outcome = try planner.outcome(
        of: alternative, traffic: read.traffic,
        pointLength: PlanReport.pointLength(read.traffic))
      run.presentOutcome = outcome
      if let measured = read.measured {
        run.grade = PlanGrade(outcome, measured, endpoint: read.function?.endpoint)
      }
    }
    for (name, scenario) in whatIfs {
      run.whatIfs.append((name, try planner.alternative(scenario, traffic: read.traffic)))
    }
    try run.addSensitivity()
    return run
  }

  private func planner(_ read: MeasuredFunction?) throws -> Planner {
    var level = slo.level
    level.availability = availability?.share
    let model = try function.model(read, source)
    var planner = Planner(
      function: model, account: function.account(read), serviceLevel: level,
      prices: try prices.load(), includesFreeTier: freeTier, seed: seed)
    planner.variants = function.variants(model)
    planner.endpoints = try endpoint.models(read)
    planner.assumptions = assumptions.model
    if let timezone { planner.timeZone = timezone.timeZone }
    return planner
  }

  private func names(_ read: MeasuredFunction?) -> PlanSteps.Names {
    var names = PlanSteps.Names(qualifier: qualifier)
    if let name = functionName ?? traffic.fromCloudwatch { names.function = name }
    if let name = endpointName ?? read?.endpoint?.name { names.endpoint = name }
    return names
  }

  private func write(
    _ path: String, _ run: PlanRun, _ steps: PlanSteps, _ warnings: [String], _ session: Session
  ) throws {
    session.progress.show("Writing \(path)")
    // The other draws are the band around the first.
    let outcomes = try (0..<5).map { draw in
      try run.planner.outcome(
        of: run.plan.nearest, traffic: run.traffic,
        pointLength: PlanReport.pointLength(run.traffic), seed: run.planner.seed &+ draw)
    }
    var page = PlanReport(
      title: "Capacity plan for \(URL(fileURLWithPath: run.name).lastPathComponent)",
      plan: run.plan, outcomes: outcomes, traffic: run.traffic, steps: steps,
      inputs: PlanInputs(planner: run.planner, traffic: run.traffic, name: run.name).rows,
      prices: run.planner.prices)
    page.timeZone = run.planner.timeZone
    if let present = run.present, let outcome = run.presentOutcome {
      page.present = (present, outcome)
    }
    page.whatIfs = run.whatIfs
    page.grade = run.grade?.rows ?? []
    page.sensitivity = run.sensitivity.map { $0 + "." }
    page.warnings = warnings.map { $0 + "." }
    try OutputFile.write(page.html, to: path)
    session.progress.clear()
    session.note("Wrote \(VisibleText.escaped(path))")
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
