/// The SageMaker endpoint that the function calls: one variant.
package struct EndpointModel: Sendable, Hashable {
  /// How requests find an instance.
  package enum Routing: String, Sendable, Hashable, Codable {
    /// SageMaker's default.
    case random
    /// The instance with the fewest requests, `LEAST_OUTSTANDING_REQUESTS`.
    case leastOutstanding
  }

  package enum Kind: Sendable, Hashable {
    /// Real-time on instances. The function waits for the answer.
    case instances
    /// Real-time without instances. The function waits for the answer.
    case serverless(ServerlessModel)
    /// A queue before instances, of which there may be none. The function does not wait; the objective applies to the
    /// result.
    case asynchronous
  }

  package var kind: Kind
  /// `ml.m5.large`; decides the price. Not used by a serverless endpoint.
  package var instanceType: String
  /// Time of one request on a free worker.
  package var serviceTime: DurationModel
  /// Requests that an instance works on at once, 1 … 64; the rest wait in the instance's queue, first come first
  /// served.
  package var workersPerInstance: Int
  package var routing: Routing
  /// Instances in service at the start.
  package var instances: Int
  /// On `SageMakerVariantInvocationsPerInstance`, asynchronous endpoints on `ApproximateBacklogSizePerInstance`; nil
  /// keeps the number.
  package var tracking: TargetTracking?
  /// From the scaling decision until a new instance is in service; 3 to 10 min are measured.
  package var launchDelay: Duration
  /// SageMaker's limit on a container's answer: 60 s. What takes longer is an error of the call.
  package var invocationTimeout: Duration

  /// An endpoint with SageMaker's defaults.
  package init(
    kind: Kind = .instances, instanceType: String = "ml.m5.large", serviceTime: DurationModel,
    workersPerInstance: Int = 1, routing: Routing = .random, instances: Int = 1,
    tracking: TargetTracking? = nil, launchDelay: Duration = .seconds(300),
    invocationTimeout: Duration = .seconds(60)
  ) {
    self.kind = kind
    self.instanceType = instanceType
    self.serviceTime = serviceTime
    self.workersPerInstance = workersPerInstance
    self.routing = routing
    self.instances = instances
    self.tracking = tracking
    self.launchDelay = launchDelay
    self.invocationTimeout = invocationTimeout
  }

  package var isAsynchronous: Bool { kind == .asynchronous }

  package var serverless: ServerlessModel? {
    if case .serverless(let model) = kind { return model }
    return nil
  }

  /// More than this is not simulated.
  static let mostInstances = 100_000

  /// Requests a second that one instance can do at most.
  package var maximumRatePerInstance: Double {
    Double(workersPerInstance) / max(serviceTime.meanSeconds, 1e-6)
  }

  var problems: [String] {
    var problems: [String] = []
    if !serviceTime.isValid {
      problems.append("service times must be given and must not be negative")
    }
    if let serverless { return problems + serverless.problems }
    let least = isAsynchronous ? 0 : 1
    problems += tracking?.problems(of: "the endpoint", least: least, targets: 1e-9...1e12) ?? []
    if !(1...64).contains(workersPerInstance) {
      problems.append("\(workersPerInstance) workers per instance: 1 to 64 are accepted")
    }
    if !(least...Self.mostInstances).contains(instances) {
      problems.append("\(instances) instances: \(least) to \(Self.mostInstances) are accepted")
    }
    if isAsynchronous, instances == 0, tracking == nil {
      problems.append("an asynchronous endpoint without instances needs scaling")
    }
    if let tracking, instances < tracking.minimum || instances > tracking.maximum {
      problems.append(
        "\(instances) instances at the start lie outside \(tracking.minimum)…\(tracking.maximum)")
    }
    if tracking != nil, instanceType.hasPrefix("ml.t") {
      problems.append("\(instanceType) is burstable: such hosting instances cannot autoscale")
    }
    if launchDelay < .zero || invocationTimeout <= .zero {
      problems.append("the endpoint's delays must not be negative, and its timeout must be above 0")
    }
    return problems
  }
}

/// A serverless endpoint: environments of SageMaker's, one request each.
///
/// Source: <https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html>. Assumed: the cold start of 6 s
/// (AWS's launch blog), the idle lifetime, and that the environment which became idle last takes the next request.
package struct ServerlessModel: Sendable, Hashable {
  /// 1024 … 6144 in steps of 1024.
  package var memoryMegabytes: Int
  /// 1 … 200. A request beyond it is throttled.
  package var maximumConcurrency: Int
  /// 0 … `maximumConcurrency`; always warm.
  package var provisioned: Int
  /// What a cold request takes beyond the service time; up to 3 min are allowed.
  package var coldStart: Duration
  package var idleLifetime: Duration
  /// Image and answer, billed as data in and out.
  package var bytesPerRequest = 500_000

  package init(
    memoryMegabytes: Int, maximumConcurrency: Int, provisioned: Int = 0,
    coldStart: Duration = .seconds(6), idleLifetime: Duration = .seconds(600)
  ) {
    self.memoryMegabytes = memoryMegabytes
    self.maximumConcurrency = maximumConcurrency
    self.provisioned = provisioned
    self.coldStart = coldStart
    self.idleLifetime = idleLifetime
  }

  /// Model download and container start may take 3 min, the request itself 1 min.
  static let startLimit = 180 * Microseconds.second

  var problems: [String] {
    var problems: [String] = []
    if memoryMegabytes % 1024 != 0 || !(1024...6144).contains(memoryMegabytes) {
      problems.append(
        "serverless memory of \(memoryMegabytes) MB: 1024 to 6144 in steps of 1024 are accepted")
    }
    if !(1...200).contains(maximumConcurrency) {
      problems.append("a serverless concurrency of \(maximumConcurrency): 1 to 200 are accepted")
    }
    if provisioned < 0 || provisioned > maximumConcurrency {
      problems.append(
        "\(provisioned) provisioned serverless environments: 0 to the maximum concurrency, \(maximumConcurrency)"
      )
    }
    if coldStart < .zero || coldStart.microseconds > Self.startLimit || idleLifetime < .zero {
      problems.append("a serverless cold start must lie in 0…3 min, the idle lifetime from 0 on")
    }
    return problems
  }
}
