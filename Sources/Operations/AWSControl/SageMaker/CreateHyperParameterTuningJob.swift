/// Starts a search for hyperparameters: many training jobs, the later ones guided by the earlier.
///
/// `POST /`, `SageMaker.CreateHyperParameterTuningJob`. Names are unique in account and region for ever.
/// Errors: `ResourceInUse`, `ResourceLimitExceeded` (the message names the quota), `ValidationException`.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateHyperParameterTuningJob.html
package struct CreateHyperParameterTuningJob: JSONOperation, WriteOperation {
  /// Between which values a hyperparameter is sought.
  package struct Range: Sendable, Equatable {
    /// Whether only whole numbers make sense.
    package enum Kind: Sendable {
      case continuous, integer
    }

    /// The hyperparameter.
    package let name: String
    /// The kind.
    package let kind: Kind
    /// As text.
    package let minimum: String
    /// As text.
    package let maximum: String
    /// `Linear`, `Logarithmic`, `Auto`.
    package let scaling: String

    /// A range; see the properties.
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

  /// What is sought, and how.
  package struct Search: Sendable {
    /// `Bayesian`, `Random`, `Hyperband`, `Grid`.
    package var strategy: String
    /// The metric.
    package var metricName: String
    /// `Minimize` or `Maximize`.
    package var objective: String
    /// At least one.
    package var ranges: [Range]
    /// Jobs in all.
    package var maximumJobs: Int
    /// Jobs at the same time; the fewer, the more a Bayesian search learns.
    package var maximumParallelJobs: Int
    /// Whether trials that promise nothing are ended early.
    package var stopsEarly: Bool
    /// Makes the search repeatable.
    package var seed: Int?

    /// A search; see the properties.
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

  /// The job.
  package struct Output: ResponseShape {
    /// The ARN.
    package let arn: String

    /// Reads the field.
    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      arn = try fields.string("HyperParameterTuningJobArn")
    }
  }

  /// SageMaker.
  package static let service = ControlService.sageMaker
  /// A job that was made would be refused the second time.
  package static let isRepeatable = false
  /// 1 to 32 letters, digits and hyphens.
  package let name: String
  /// The search.
  package let search: Search
  /// Each trial; its hyperparameters are those that stay the same.
  package let definition: TrainingJobDefinition
  /// At most 50.
  package let tags: [ResourceTag]

  /// A request; see the properties.
  package init(
    name: String, search: Search, definition: TrainingJobDefinition, tags: [ResourceTag] = []
  ) {
    self.name = name
    self.search = search
    self.definition = definition
    self.tags = tags
  }

  /// The name.
  package var subject: String { name }
  /// All of it.
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
