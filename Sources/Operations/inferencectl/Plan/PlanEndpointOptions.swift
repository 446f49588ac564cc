import ArgumentParser
import CapacityPlanner
import Foundation

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
