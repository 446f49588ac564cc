import ArgumentParser
import CapacityPlanner
import Foundation

/// The function and its account. What is not given is read from AWS with `--from-cloudwatch`, else assumed.
struct PlanFunctionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The function's own warm time, without the wait for the endpoint: 120ms, exponential:120ms, or a file with one per line (default: 120ms, or CloudWatch's).",
      valueName: "duration|file"))
  var duration: DurationModelArgument?
  @Option(
    help: ArgumentHelp(
      "Durations measured at several memory sizes, to choose among them, for example 128=400ms,512=90ms,arm64:512=80ms.",
      valueName: "list"))
  var durations: MemoryDurationsArgument?
  @Option(
    name: .customLong("init"),
    help: ArgumentHelp("Time that a cold start adds, for example 800ms.", valueName: "duration"))
  var initDuration = DurationArgument(.milliseconds(10))
  @Option(help: ArgumentHelp("Memory in MB, 128 to 10240 (default: 256).", valueName: "megabytes"))
  var memory: Int?
  @Option(help: "Processor architecture, which decides the price (default: x86_64).")
  var arch: FunctionModel.Architecture?
  @Option(
    help: ArgumentHelp("Function timeout, 1s to 15m (default: 30s).", valueName: "duration"))
  var timeout: DurationArgument?
  @Option(
    help: ArgumentHelp(
      "How long an idle environment is kept. AWS does not document it.", valueName: "duration"))
  var idleLifetime = DurationArgument(.seconds(600))
  @Option(
    help: ArgumentHelp(
      "Share of invocations that end in an error of their own, 0 to 1.", valueName: "share"))
  var errorShare = 0.0
  @Option(
    help: ArgumentHelp("Concurrent executions of the account (default: 1000).", valueName: "count"))
  var accountLimit: Int?
  @Option(
    help: ArgumentHelp(
      "Concurrent executions that other functions use at worst.", valueName: "count"))
  var usedByOthers = 0

  func model(_ read: MeasuredFunction?, _ source: PlanSourceOptions) throws -> FunctionModel {
    var model = FunctionModel(
      memoryMegabytes: memory ?? read?.memoryMegabytes ?? 256,
      architecture: arch ?? read?.architecture ?? .x86,
      duration: try duration?.model() ?? read?.duration ?? .constant(.milliseconds(120)),
      initDuration: initDuration.duration,
      timeout: timeout?.duration ?? read?.timeout ?? .seconds(30),
      idleLifetime: idleLifetime.duration, errorShare: errorShare)
    source.apply(to: &model, read)
    return model
  }

  /// The function at the other memory sizes and architectures.
  func variants(_ model: FunctionModel) -> [FunctionModel] {
    (durations?.entries ?? []).map { entry in
      var variant = model
      variant.memoryMegabytes = entry.megabytes
      variant.architecture = entry.architecture ?? model.architecture
      variant.duration = .constant(entry.duration)
      return variant
    }
  }

  func account(_ read: MeasuredFunction?) -> AccountLimits {
    AccountLimits(
      concurrency: accountLimit ?? read?.accountLimit ?? 1000, usedByOthers: usedByOthers)
  }
}
