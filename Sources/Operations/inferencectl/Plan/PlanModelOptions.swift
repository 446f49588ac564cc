import ArgumentParser
import CapacityPlanner

/// The function and its account.
struct PlanFunctionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The function's own time, warm, without waiting for the endpoint: 120ms, exponential:120ms, or a file, one a line (default: 120ms, or CloudWatch's).",
      valueName: "duration|file"))
  var duration: DurationModelArgument?
  @Option(
    name: .customLong("init"), help: ArgumentHelp("What a cold start adds.", valueName: "duration"))
  var initDuration = DurationArgument(.milliseconds(10))
  @Option(help: ArgumentHelp("Memory, MB; it decides the price.", valueName: "megabytes"))
  var memory = 256
  @Option(help: "The processor, which decides the price.")
  var arch = FunctionModel.Architecture.x86
  @Option(help: ArgumentHelp("The function's time-out.", valueName: "duration"))
  var timeout = DurationArgument(.seconds(30))
  @Option(
    help: ArgumentHelp(
      "How long an idle environment is kept; AWS does not document it.", valueName: "duration"))
  var idleLifetime = DurationArgument(.seconds(600))
  @Option(
    help: "Who calls: s3 (asynchronous: queued and retried) or http (a throttled request is lost).")
  var source = FunctionModel.Source.asynchronous
  @Option(
    help: ArgumentHelp(
      "Share of invocations that end in an error of their own, 0 to 1.", valueName: "share"))
  var errorShare = 0.0
  @Option(help: ArgumentHelp("The account's concurrent executions.", valueName: "count"))
  var accountLimit = 1000
  @Option(
    help: ArgumentHelp("What other functions take of it at worst.", valueName: "count"))
  var usedByOthers = 0

  func model(_ measured: DurationModel?) throws -> FunctionModel {
    FunctionModel(
      memoryMegabytes: memory, architecture: arch,
      duration: try duration?.model() ?? measured ?? .constant(.milliseconds(120)),
      initDuration: initDuration.duration, timeout: timeout.duration,
      idleLifetime: idleLifetime.duration, source: source, errorShare: errorShare)
  }

  var account: AccountLimits {
    AccountLimits(concurrency: accountLimit, usedByOthers: usedByOthers)
  }
}

/// The endpoint, if the function waits for one.
struct PlanEndpointOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The model's time for a request on a free worker; given, the endpoint is planned too.",
      valueName: "duration|file"))
  var serviceTime: DurationModelArgument?
  @Option(help: ArgumentHelp("The hosting instances (default: ml.m5.xlarge).", valueName: "type"))
  var instanceType: String?
  @Option(help: ArgumentHelp("Requests that an instance works on at once.", valueName: "count"))
  var workers: Int?
  @Option(
    help: ArgumentHelp("Until a new instance serves (default: 5m).", valueName: "duration"))
  var launch: DurationArgument?
  @Option(help: "How requests find an instance (default: random).")
  var routing: RoutingArgument?

  func validate() throws {
    let isTold = instanceType != nil || workers != nil || launch != nil || routing != nil
    if isTold, serviceTime == nil {
      throw ValidationError(
        "--instance-type, --workers, --launch and --routing need --service-time, the model's time.")
    }
  }

  func model() throws -> EndpointModel? {
    guard let serviceTime else { return nil }
    return EndpointModel(
      instanceType: instanceType ?? "ml.m5.xlarge", serviceTime: try serviceTime.model(),
      workersPerInstance: workers ?? 1, routing: routing?.routing ?? .random,
      launchDelay: launch?.duration ?? .seconds(300))
  }
}
