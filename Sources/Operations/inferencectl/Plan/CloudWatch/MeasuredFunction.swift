import AWSControl
import CapacityPlanner
import Endpoints

/// A function as it is configured in AWS, with the setting that is in place.
struct MeasuredFunction: Sendable {
  var duration: DurationModel?
  var memoryMegabytes: Int?
  var architecture: FunctionModel.Architecture?
  var timeout: Duration?
  var accountLimit: Int?
  var retryAttempts: Int?
  var maximumEventAge: Duration?
  var concurrency: ConcurrencySettings?
  var endpoint: MeasuredEndpoint?
  /// What was read and used, and what could not be read, a sentence each.
  var notices: [String] = []

  struct MeasuredEndpoint: Sendable {
    let name: String
    var instanceType: String?
    var instances: Int
    var tracking: CapacityPlanner.TargetTracking?
    /// Average in service, by what CloudWatch counted: invocations by invocations per instance.
    var meanInstances: Double?
  }

  /// Reads the function's configuration, concurrency and retries, the account's limit, and the endpoint. What may not
  /// be read becomes a notice, and the command's own defaults stand.
  ///
  /// - Throws: `CredentialError`, errors of the network.
  static func read(
    _ name: String, qualifier: String, window: MetricWindow, periodSeconds: Int,
    with client: ControlClient
  ) throws -> MeasuredFunction {
    var function = MeasuredFunction()
    var notices: [String] = []
    let bare = LambdaMetrics.functionName(name)
    let configuration =
      try client.attempt("The configuration of \(bare):\(qualifier)", notes: &notices) {
        try client.read(GetFunctionConfiguration(functionName: bare, qualifier: qualifier))
      }
    function.memoryMegabytes = configuration?.memorySize
    function.architecture = configuration.flatMap {
      FunctionModel.Architecture(rawValue: $0.architecture)
    }
    function.timeout = configuration?.timeoutSeconds.map { .seconds($0) }
    function.accountLimit = try client.attempt("The account's limit", notes: &notices) {
      try client.read(GetAccountSettings()).concurrentExecutions
    }
    if configuration != nil {
      try function.readConcurrency(bare, qualifier, with: client, &notices)
      try function.readRetries(bare, qualifier, with: client, &notices)
    }
    if let endpoint = configuration?.endpointName {
      function.endpoint = try client.attempt("The endpoint \(endpoint)", notes: &notices) {
        try readEndpoint(endpoint, window, periodSeconds, with: client)
      }
    }
    function.notices = [function.summary(bare)] + notices
    return function
  }

  private mutating func readConcurrency(
    _ name: String, _ qualifier: String, with client: ControlClient, _ notices: inout [String]
  ) throws {
    let reserved = try client.attempt("Reserved concurrency", notes: &notices) {
      try client.read(GetFunctionConcurrency(functionName: name)).reserved
    }
    let provisioned = try client.attempt("Provisioned concurrency", notes: &notices) {
      try client.provisionedConcurrency(ofFunction: name).first { $0.qualifier == qualifier }
    }
    var settings = ConcurrencySettings(reserved: reserved ?? nil)
    if let requested = (provisioned ?? nil)?.requested, requested > 0 {
      settings.provisioned = .fixed(requested)
      let resource = ScalableResource.provisionedConcurrency(
        functionName: name, qualifier: qualifier)
      let scaling = try client.attempt("Scaling of provisioned concurrency", notes: &notices) {
        try ScalingState.read([resource], with: client)[resource.resourceID]
      }
      settings.provisioned?.tracking = Self.tracking(
        scaling ?? nil, "LambdaProvisionedConcurrencyUtilization")
    }
    concurrency = settings
  }

  private mutating func readRetries(
    _ name: String, _ qualifier: String, with client: ControlClient, _ notices: inout [String]
  ) throws {
    let configurations =
      try client.attempt("Retries of asynchronous events", notes: &notices) {
        try client.all(ListFunctionEventInvokeConfigs(functionName: name))
      } ?? []
    let own = configurations.first { $0.functionARN.hasSuffix(":\(qualifier)") }
    retryAttempts = own?.maximumRetryAttempts
    maximumEventAge = own?.maximumEventAgeSeconds.map { .seconds($0) }
  }

  /// A policy as the planner has it; nil without one.
  private static func tracking(
    _ state: ScalingState?, _ metric: String
  ) -> CapacityPlanner.TargetTracking? {
    guard let state, let policy = state.policy(tracking: metric)?.targetTracking else { return nil }
    return CapacityPlanner.TargetTracking(
      minimum: state.target.minimumCapacity, maximum: state.target.maximumCapacity,
      target: policy.target, scaleOutCooldown: .seconds(policy.scaleOutCooldownSeconds ?? 0),
      scaleInCooldown: .seconds(policy.scaleInCooldownSeconds ?? 0))
  }

  private static func readEndpoint(
    _ name: String, _ window: MetricWindow, _ periodSeconds: Int, with client: ControlClient
  ) throws -> MeasuredEndpoint {
    let state = try EndpointState.read(endpointName: name, with: client)
    guard let variant = state.variants.first else {
      return MeasuredEndpoint(name: name, instances: 1)
    }
    var endpoint = MeasuredEndpoint(
      name: name, instanceType: variant.instanceType,
      instances: max(1, variant.currentInstanceCount))
    let resource = ScalableResource.variantInstances(endpointName: name, variant: variant.name)
    endpoint.tracking = tracking(
      try ScalingState.read([resource], with: client)[resource.resourceID],
      "SageMakerVariantInvocationsPerInstance")
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

  private func summary(_ name: String) -> String {
    var words: [String] = []
    if let memoryMegabytes { words.append("\(memoryMegabytes) MB") }
    if let architecture { words.append(architecture.rawValue) }
    if let timeout { words.append("timeout \(DurationText.text(timeout))") }
    if let accountLimit { words.append("account limit \(accountLimit)") }
    if let retryAttempts { words.append("\(retryAttempts) retries") }
    if let maximumEventAge { words.append("events up to \(DurationText.text(maximumEventAge))") }
    if let concurrency { words.append("in place: \(concurrency)") }
    if let endpoint {
      words.append(
        "endpoint \(endpoint.name), \(endpoint.instances) × \(endpoint.instanceType ?? "instances of an unknown type")"
      )
    }
    return words.isEmpty
      ? "nothing of \(name)'s configuration could be read: the options' defaults are used"
      : "used from AWS for \(name): \(words.joined(separator: ", "))"
  }

  /// The setting in place as a scenario; nil when it could not be read.
  func present(_ planner: Planner) -> Scenario? {
    guard let concurrency else { return nil }
    var model = planner.endpoints.first {
      $0.kind == .instances
        && (endpoint?.instanceType == nil || $0.instanceType == endpoint?.instanceType)
    }
    if let endpoint {
      model?.instances = endpoint.instances
      model?.tracking = endpoint.tracking
    }
    return planner.scenario(concurrency, planner.endpoints.isEmpty ? nil : model)
  }
}
