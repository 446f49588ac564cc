import AWSControl
import CapacityPlanner
import Endpoints

/// The function's endpoint as it is: its first variant.
struct MeasuredEndpoint: Sendable, CustomStringConvertible {
  let name: String
  let isAsynchronous: Bool
  /// Nil for one with instances.
  let serverless: ServerlessConfiguration?
  let instanceType: String?
  let instances: Int
  var tracking: CapacityPlanner.TargetTracking?
  /// Average in service, by what CloudWatch counted: invocations by invocations per instance.
  var meanInstances: Double?

  static func read(
    _ name: String, _ window: MetricWindow, _ periodSeconds: Int, with client: ControlClient
  ) throws -> MeasuredEndpoint {
    let state = try EndpointState.read(endpointName: name, with: client)
    let isAsynchronous = state.asynchronous != nil
    let variant = state.variants.first
    var endpoint = MeasuredEndpoint(
      name: name, isAsynchronous: isAsynchronous, serverless: variant?.serverless,
      instanceType: variant?.instanceType,
      instances: max(isAsynchronous ? 0 : 1, variant?.currentInstanceCount ?? 1))
    guard let variant, endpoint.serverless == nil else { return endpoint }
    let resource = state.resource(of: variant)
    endpoint.tracking = try ScalingState.read([resource], with: client)[resource.resourceID]?
      .planned(
        tracking: isAsynchronous
          ? "ApproximateBacklogSizePerInstance" : "SageMakerVariantInvocationsPerInstance")
    endpoint.meanInstances = try meanInstances(name, variant.name, window, periodSeconds, client)
    return endpoint
  }

  /// Each request adds 1 to Invocations and 1/instances to InvocationsPerInstance.
  private static func meanInstances(
    _ endpoint: String, _ variant: String, _ window: MetricWindow, _ periodSeconds: Int,
    _ client: ControlClient
  ) throws -> Double? {
    let queries = [("calls", "Invocations"), ("share", "InvocationsPerInstance")].map { id, name in
      GetMetricData.Query(
        id: id,
        metric: Metric(
          namespace: "AWS/SageMaker", name: name,
          dimensions: [("EndpointName", endpoint), ("VariantName", variant)]),
        periodSeconds: periodSeconds, statistic: "Sum")
    }
    let series = GetMetricData.Series.merged(
      try client.all(GetMetricData(queries: queries, window: window)))
    let calls = series["calls"]?.values.reduce(0, +) ?? 0
    let shares = series["share"]?.values.reduce(0, +) ?? 0
    return calls > 0 && shares > 0 ? calls / shares : nil
  }

  /// The model of this kind with the numbers in place; nil when the options describe none.
  func model(among models: [EndpointModel]) -> EndpointModel? {
    if let serverless {
      guard
        var model = models.first(where: {
          $0.serverless?.memoryMegabytes == serverless.memoryMegabytes
        }), var planned = model.serverless
      else { return nil }
      planned.maximumConcurrency = serverless.maximumConcurrency
      planned.provisioned = serverless.provisionedConcurrency ?? 0
      model.kind = .serverless(planned)
      return model
    }
    var model = models.first {
      $0.serverless == nil && $0.isAsynchronous == isAsynchronous
        && (instanceType == nil || $0.instanceType == instanceType)
    }
    model?.instances = instances
    model?.tracking = tracking
    return model
  }

  /// The option that describes such an endpoint.
  var option: String {
    if let serverless { return "--serverless \(serverless.memoryMegabytes)=TIME" }
    let option = "--service-time \(instanceType.map { "\($0)=" } ?? "")TIME"
    return isAsynchronous ? "\(option) --asynchronous" : option
  }

  /// `serverless with 2048 MB, at most 5 at once`, `2 × ml.m5.xlarge`.
  var description: String {
    if let serverless {
      return
        "serverless with \(serverless.memoryMegabytes) MB, at most \(serverless.maximumConcurrency) at once"
    }
    let kind = isAsynchronous ? "asynchronous, " : ""
    return "\(kind)\(instances) × \(instanceType ?? "instances of an unknown type")"
  }
}
