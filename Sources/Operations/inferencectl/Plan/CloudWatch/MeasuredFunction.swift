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
        try MeasuredEndpoint.read(endpoint, window, periodSeconds, with: client)
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
      settings.provisioned?.tracking = (scaling ?? nil)?.planned(
        tracking: "LambdaProvisionedConcurrencyUtilization")
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

  private func summary(_ name: String) -> String {
    var words: [String] = []
    if let memoryMegabytes { words.append("\(memoryMegabytes) MB") }
    if let architecture { words.append(architecture.rawValue) }
    if let timeout { words.append("timeout \(DurationText.text(timeout))") }
    if let accountLimit { words.append("account limit \(accountLimit)") }
    if let retryAttempts { words.append("\(retryAttempts) retries") }
    if let maximumEventAge { words.append("events up to \(DurationText.text(maximumEventAge))") }
    if let concurrency { words.append("in place: \(concurrency)") }
    if let endpoint { words.append("endpoint \(endpoint.name), \(endpoint)") }
    return words.isEmpty
      ? "nothing of \(name)'s configuration could be read: the options' defaults are used"
      : "used from AWS for \(name): \(words.joined(separator: ", "))"
  }

  /// The setting in place as a scenario; nil when it could not be read, or when no option describes its endpoint.
  func present(_ planner: Planner) -> Scenario? {
    guard let concurrency else { return nil }
    guard !planner.endpoints.isEmpty else { return planner.scenario(concurrency, nil) }
    guard let endpoint else {
      return planner.scenario(concurrency, planner.endpoints.first { $0.kind == .instances })
    }
    return endpoint.model(among: planner.endpoints).map { planner.scenario(concurrency, $0) }
  }

  /// Why the setting in place is not simulated although it was read; nil when it is.
  func presentProblem(_ planner: Planner) -> String? {
    guard concurrency != nil, !planner.endpoints.isEmpty, let endpoint,
      endpoint.model(among: planner.endpoints) == nil
    else { return nil }
    return
      "the setting in place is not simulated, because its endpoint is \(endpoint): add \(endpoint.option)"
  }
}

extension ScalingState {
  /// The policy on a metric as the planner has it; nil without one.
  func planned(tracking metric: String) -> CapacityPlanner.TargetTracking? {
    guard let policy = policy(tracking: metric)?.targetTracking else { return nil }
    return CapacityPlanner.TargetTracking(
      minimum: target.minimumCapacity, maximum: target.maximumCapacity,
      target: policy.target, scaleOutCooldown: .seconds(policy.scaleOutCooldownSeconds ?? 0),
      scaleInCooldown: .seconds(policy.scaleInCooldownSeconds ?? 0))
  }
}
