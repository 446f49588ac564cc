/// Starts a hyperparameter search: training jobs, the later ones guided by the earlier.
///
/// `POST /`, `SageMaker.CreateHyperParameterTuningJob`. Names are unique in account and region
/// forever. Errors: `ResourceInUse`, `ResourceLimitExceeded` (the message names the quota),
/// `ValidationException`.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateHyperParameterTuningJob.html
package struct CreateHyperParameterTuningJob: JSONOperation, WriteOperation {
  package struct Range: Sendable, Equatable {
    /// Integers, or any number.
    package enum Kind: Sendable {
      case continuous, integer
    }

    package let name: String
    package let kind: Kind
    package let minimum: String
    package let maximum: String
    /// `Linear`, `Logarithmic`, `Auto`.
    package let scaling: String

    package init(name: String, kind: Kind, minimum: String, maximum: String, scaling: String) {
      self.name = name
      self.kind = kind
      self.minimum = minimum
      self.maximum = maximum
      self.scaling = scaling
    }

    var input: OperationInput {
      ["Name": name, "MinValue": minimum, "MaxValue": maximum, "ScalingType": scaling]
    }
  }

  /// Objective, ranges and strategy.
  package struct Search: Sendable {
    /// `Bayesian`, `Random`, `Hyperband`, `Grid`.
    package var strategy: String
    package var metricName: String
    /// `Minimize` or `Maximize`.
    package var objective: String
    /// At least one.
    package var ranges: [Range]
    package var maximumJobs: Int
    /// Jobs at the same time; a Bayesian search learns more from earlier trials with fewer of them.
    package var maximumParallelJobs: Int
    /// Whether unpromising trials are stopped early.
    package var stopsEarly: Bool
    package var seed: Int?

    package init(
      strategy: String, metricName: String, objective: String, ranges: [Range], maximumJobs: Int,
      maximumParallelJobs: Int, stopsEarly: Bool, seed: Int? = nil
    ) {
      self.strategy = strategy
      self.metricName = metricName
      self.objective = objective
      self.ranges = ranges
      self.maximumJobs = maximumJobs
      self.maximumParallelJobs = maximumParallelJobs
      self.stopsEarly = stopsEarly
      self.seed = seed
    }
  }

  package struct Output: ResponseShape {
    package let arn: String

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      arn = try fields.string("HyperParameterTuningJobArn")
    }
  }

  package static let service = ControlService.sageMaker
  /// A search that exists is refused the second time, and its settings cannot all be read.
  package static let isRepeatable = false
  /// 1 to 32 letters, digits and hyphens.
  package let name: String
  package let search: Search
  /// Each trial, with the hyperparameters that stay the same.
  package let definition: TrainingJobDefinition
  /// At most 50.
  package let tags: [ResourceTag]

  package init(
    name: String, search: Search, definition: TrainingJobDefinition, tags: [ResourceTag] = []
  ) {
    self.name = name
    self.search = search
    self.definition = definition
    self.tags = tags
  }

  package var subject: String { name }
  package var input: OperationInput {
    [
      "HyperParameterTuningJobName": name, "HyperParameterTuningJobConfig": searchInput,
      "TrainingJobDefinition": definitionInput, "Tags": ResourceTag.input(tags),
    ]
  }

  private var searchInput: OperationInput {
    let continuous = search.ranges.filter { $0.kind == .continuous }.map(\.input)
    let integer = search.ranges.filter { $0.kind == .integer }.map(\.input)
    return [
      "Strategy": search.strategy,
      "HyperParameterTuningJobObjective": [
        "Type": search.objective, "MetricName": search.metricName,
      ] as OperationInput,
      "ResourceLimits": [
        "MaxNumberOfTrainingJobs": search.maximumJobs,
        "MaxParallelTrainingJobs": search.maximumParallelJobs,
      ] as OperationInput,
      "ParameterRanges": [
        "ContinuousParameterRanges": continuous, "IntegerParameterRanges": integer,
      ] as OperationInput,
      "TrainingJobEarlyStoppingType": search.stopsEarly ? "Auto" : "Off",
      "RandomSeed": search.seed,
    ]
  }

  private var definitionInput: OperationInput {
    [
      "StaticHyperParameters": definition.hyperparameters,
      "AlgorithmSpecification": definition.algorithmInput, "RoleArn": definition.roleARN,
      "InputDataConfig": definition.channelInput, "OutputDataConfig": definition.outputInput,
      "ResourceConfig": definition.resourceInput, "StoppingCondition": definition.stoppingInput,
      "VpcConfig": definition.network?.input,
      "EnableNetworkIsolation": definition.isNetworkIsolated,
      "EnableManagedSpotTraining": definition.isSpot,
      "CheckpointConfig": definition.checkpointInput,
    ]
  }
}
