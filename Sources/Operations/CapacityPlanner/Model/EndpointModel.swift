/// The SageMaker real-time endpoint that the function waits for: one variant.
package struct EndpointModel: Sendable, Hashable {
  /// How requests find an instance.
  package enum Routing: String, Sendable, Hashable, Codable {
    /// SageMaker's default.
    case random
    /// The instance with the fewest requests, `LEAST_OUTSTANDING_REQUESTS`.
    case leastOutstanding
  }

  /// Instance type, `ml.m5.large`; it decides the price.
  package var instanceType: String
  /// Time of one request on a free worker.
  package var serviceTime: DurationModel
  /// Requests that an instance works on at once, 1 … 64; the rest wait in the instance's queue, first come first
  /// served.
  package var workersPerInstance: Int
  /// How requests find an instance.
  package var routing: Routing
  /// Instances at the start, in service.
  package var instances: Int
  /// Scaling on `SageMakerVariantInvocationsPerInstance`; nil keeps the number.
  package var tracking: TargetTracking?
  /// From the scaling decision until a new instance is in service; 3 to 10 min are measured.
  package var launchDelay: Duration
  /// SageMaker's limit on the answer of a container: 60 s. What takes longer is an error of the call.
  package var invocationTimeout: Duration

  /// An endpoint of SageMaker's defaults.
  package init(
    instanceType: String = "ml.m5.large", serviceTime: DurationModel, workersPerInstance: Int = 1,
    routing: Routing = .random, instances: Int = 1, tracking: TargetTracking? = nil,
    launchDelay: Duration = .seconds(300), invocationTimeout: Duration = .seconds(60)
  ) {
    self.instanceType = instanceType
    self.serviceTime = serviceTime
    self.workersPerInstance = workersPerInstance
    self.routing = routing
    self.instances = instances
    self.tracking = tracking
    self.launchDelay = launchDelay
    self.invocationTimeout = invocationTimeout
  }

  /// Requests a second that one instance can do at most.
  package var maximumRatePerInstance: Double {
    Double(workersPerInstance) / max(serviceTime.meanSeconds, 1e-6)
  }

  var problems: [String] {
    var problems =
      tracking?.problems(of: "the endpoint", least: 1, targets: 1e-9...1e12) ?? []
    if !serviceTime.isValid { problems.append("service times must be given and not be negative") }
    if !(1...64).contains(workersPerInstance) {
      problems.append("\(workersPerInstance) workers an instance: 1 to 64 are accepted")
    }
    if instances < 1 || instances > 100_000 {
      problems.append("\(instances) instances: a real-time variant needs at least 1")
    }
    if let tracking, instances < tracking.minimum || instances > tracking.maximum {
      problems.append(
        "\(instances) instances at the start lie outside \(tracking.minimum)…\(tracking.maximum)")
    }
    if tracking != nil, instanceType.hasPrefix("ml.t") {
      problems.append("\(instanceType) is burstable: such hosting instances cannot autoscale")
    }
    if launchDelay < .zero || invocationTimeout <= .zero {
      problems.append("the endpoint's delays must not be negative, nor its time-out zero")
    }
    return problems
  }
}
