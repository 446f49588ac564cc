/// Starts a training job.
///
/// `POST /`, `SageMaker.CreateTrainingJob`. Names are unique in account and region for ever; the second try
/// after a lost answer gives `ResourceInUse`. Costs begin when the instance does. Errors: `ResourceInUse`,
/// `ResourceLimitExceeded` (the message names the quota), `ResourceNotFound`, `ValidationException` (also for a
/// role that cannot be assumed), `AccessDeniedException` (also for `iam:PassRole`).
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
package struct CreateTrainingJob: JSONOperation, WriteOperation {
  /// The job.
  package struct Output: ResponseShape {
    /// The ARN.
    package let arn: String

    /// Reads the field.
    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      arn = try fields.string("TrainingJobArn")
    }
  }

  /// SageMaker.
  package static let service = ControlService.sageMaker
  /// A job that was made would be refused the second time.
  package static let isRepeatable = false
  /// 1 to 63 letters, digits and hyphens.
  package let name: String
  /// What it does.
  package let definition: TrainingJobDefinition
  /// At most 50.
  package let tags: [ResourceTag]

  /// A request; see the properties.
  package init(name: String, definition: TrainingJobDefinition, tags: [ResourceTag] = []) {
    self.name = name
    self.definition = definition
    self.tags = tags
  }

  /// The name.
  package var subject: String { name }
  /// All of it.
  package var input: OperationInput {
    [
      "TrainingJobName": name, "RoleArn": definition.roleARN,
      "HyperParameters": definition.hyperparameters,
      "AlgorithmSpecification": definition.algorithmInput,
      "InputDataConfig": definition.channelInput, "OutputDataConfig": definition.outputInput,
      "ResourceConfig": definition.resourceInput, "StoppingCondition": definition.stoppingInput,
      "VpcConfig": definition.network?.input,
      "EnableNetworkIsolation": definition.isNetworkIsolated,
      "EnableManagedSpotTraining": definition.isSpot,
      "CheckpointConfig": definition.checkpointInput, "Tags": ResourceTag.input(tags),
    ]
  }
}

/// Asks a training job to end: SIGTERM, and two minutes to keep what there is.
///
/// `POST /`, `SageMaker.StopTrainingJob`. Idempotent while the job stops. Errors: `ResourceNotFound`,
/// `ValidationException` (also when it has ended).
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StopTrainingJob.html
package struct StopTrainingJob: JSONOperation, WriteOperation {
  /// Nothing.
  package typealias Output = Acknowledged
  /// SageMaker.
  package static let service = ControlService.sageMaker
  /// The job.
  package let name: String

  /// A request.
  package init(name: String) { self.name = name }

  /// The name.
  package var subject: String { name }
  /// The name.
  package var input: OperationInput { ["TrainingJobName": name] }
}
