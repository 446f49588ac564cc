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

/// Who calls the function, and how that caller retries.
struct PlanSourceOptions: ParsableArguments {
  @Option(
    help:
      "Caller: s3 (asynchronous, queued and retried), sqs (a queue and its event source mapping), or http (a throttled request is lost unless the client retries). (default: s3)"
  )
  var source: FunctionModel.Source?
  @Option(
    help: ArgumentHelp(
      "With s3: retries after function errors, 0 to 2 (default: 2).", valueName: "count"))
  var retryAttempts: Int?
  @Option(
    help: ArgumentHelp(
      "With s3: how long an event may wait, 60s to 6h (default: 6h).", valueName: "duration"))
  var maxEventAge: DurationArgument?
  @Option(
    help: ArgumentHelp(
      "With http: attempts of the client, 1 to 12; it waits 100 ms before the second, then twice as long each time, at most 20 s.",
      valueName: "count"))
  var clientAttempts: Int?
  @Option(help: ArgumentHelp("With sqs: messages per batch, 1 to 10000.", valueName: "count"))
  var batchSize: Int?
  @Option(help: ArgumentHelp("With sqs: batch window, 0s to 300s.", valueName: "duration"))
  var batchWindow: DurationArgument?
  @Option(
    help: ArgumentHelp(
      "With sqs: maximum concurrency of the mapping, 2 to 1000.", valueName: "count"))
  var queueConcurrency: Int?
  @Option(
    help: ArgumentHelp(
      "With sqs: pollers of provisioned mode, for example 2-20.", valueName: "minimum-maximum"))
  var pollers: PollersArgument?
  @Option(
    help: ArgumentHelp(
      "With sqs: visibility timeout (default: six times the function timeout and the window).",
      valueName: "duration"))
  var visibilityTimeout: DurationArgument?
  @Option(
    help: ArgumentHelp("With sqs: receives before the dead-letter queue.", valueName: "count"))
  var maxReceives: Int?

  func validate() throws {
    let isQueue = source == .queue
    let queueOptions: [Any?] = [
      batchSize, batchWindow, queueConcurrency, pollers, visibilityTimeout, maxReceives,
    ]
    if !isQueue, queueOptions.contains(where: { $0 != nil }) {
      throw ValidationError(
        "--batch-size, --batch-window, --queue-concurrency, --pollers, --visibility-timeout, and --max-receives need --source sqs."
      )
    }
    if clientAttempts != nil, source != .synchronous {
      throw ValidationError("--client-attempts needs --source http.")
    }
    if retryAttempts != nil || maxEventAge != nil, (source ?? .asynchronous) != .asynchronous {
      throw ValidationError("--retry-attempts and --max-event-age need --source s3.")
    }
  }

  func apply(to model: inout FunctionModel, _ read: MeasuredFunction?) {
    model.source = source ?? .asynchronous
    model.maximumErrorRetries = retryAttempts ?? read?.retryAttempts ?? 2
    model.maximumEventAge = maxEventAge?.duration ?? read?.maximumEventAge ?? .seconds(21_600)
    model.clientRetries = clientAttempts.map { ClientRetries(attempts: $0) }
    if let batchSize { model.queue.batchSize = batchSize }
    if let batchWindow { model.queue.window = batchWindow.duration }
    model.queue.maximumConcurrency = queueConcurrency
    model.queue.pollers = pollers?.range
    model.queue.visibilityTimeout = visibilityTimeout?.duration
    if let maxReceives { model.queue.maximumReceives = maxReceives }
  }
}

/// The endpoints to choose among, if the function calls one.
struct PlanEndpointOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The model's time for a request on a free worker; with it the endpoint is planned too. Repeat it for several instance types, for example ml.m5.xlarge=150ms.",
      valueName: "[type=]duration|file"))
  var serviceTime: [ServiceTimeArgument] = []
  @Option(
    help: ArgumentHelp("Hosting instance type (default: ml.m5.xlarge).", valueName: "type"))
  var instanceType: String?
  @Option(
    help: ArgumentHelp(
      "Requests that an instance works on at once (default: 1).", valueName: "count"))
  var workers: Int?
  @Option(
    help: ArgumentHelp("Time until a new instance serves (default: 5m).", valueName: "duration"))
  var launch: DurationArgument?
  @Option(help: "How requests find an instance (default: random).")
  var routing: RoutingArgument?
  @Option(
    help: ArgumentHelp(
      "Plan a serverless endpoint, too: its memory in MB and the model's time there, for example 2048=700ms.",
      valueName: "megabytes=duration"))
  var serverless: [ServiceTimeArgument] = []
  @Option(
    help: ArgumentHelp(
      "Cold start of a serverless endpoint. Assumed, as AWS publishes none.", valueName: "duration")
  )
  var serverlessInit = DurationArgument(.seconds(6))
  @Flag(
    help:
      "Also plan asynchronous endpoints, which may have no instance: the objective then applies to the result."
  )
  var asynchronous = false

  func validate() throws {
    let isTold =
      instanceType != nil || workers != nil || launch != nil || routing != nil || asynchronous
    if isTold, serviceTime.isEmpty {
      throw ValidationError(
        "--instance-type, --workers, --launch, --routing, and --asynchronous need --service-time, the model's time."
      )
    }
    for entry in serverless {
      guard let name = entry.name, let megabytes = Int(name), megabytes % 1024 == 0,
        (1024...6144).contains(megabytes)
      else {
        throw ValidationError(
          "--serverless must be a memory of 1024 to 6144 MB in steps of 1024 and a duration, for example 2048=700ms."
        )
      }
    }
  }

  func models(_ read: MeasuredFunction?) throws -> [EndpointModel] {
    var models = try serviceTime.map { entry in
      EndpointModel(
        instanceType: entry.name ?? instanceType ?? read?.endpoint?.instanceType ?? "ml.m5.xlarge",
        serviceTime: try entry.duration.model(), workersPerInstance: workers ?? 1,
        routing: routing?.routing ?? .random, launchDelay: launch?.duration ?? .seconds(300))
    }
    if asynchronous {
      models += models.map { model in
        var model = model
        model.kind = .asynchronous
        return model
      }
    }
    models += try serverless.map { entry in
      let model = ServerlessModel(
        memoryMegabytes: entry.name.flatMap { Int($0) } ?? 2048, maximumConcurrency: 20,
        coldStart: serverlessInit.duration)
      return EndpointModel(
        kind: .serverless(model), serviceTime: try entry.duration.model())
    }
    return models
  }
}

/// Where AWS's documents leave a choice.
struct PlanAssumptionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "From the end of a minute until an alarm sees its metric.", valueName: "duration"))
  var metricDelay = DurationArgument(.seconds(60))
  @Flag(
    help:
      "A single low minute before silence does not scale in (CloudWatch's premature rule for the high alarm only)."
  )
  var highAlarmPrematureOnly = false
  @Flag(help: "An idle endpoint publishes no invocations metric instead of zeros.")
  var idleEndpointSilent = false
  @Option(
    help: ArgumentHelp(
      "Share of the capacity that one scale-in removes, above 0 to 1.", valueName: "share"))
  var scaleInShare = 0.1

  var model: Assumptions {
    var assumptions = Assumptions()
    assumptions.metricDelay = metricDelay.duration
    assumptions.lowAlarmIsPremature = !highAlarmPrematureOnly
    assumptions.idleEndpointReportsZero = !idleEndpointSilent
    assumptions.scaleInShare = scaleInShare
    return assumptions
  }
}
