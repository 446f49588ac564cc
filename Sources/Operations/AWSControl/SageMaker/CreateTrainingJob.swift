/// Starts a training job.
///
/// `POST /`, `SageMaker.CreateTrainingJob`. Names are unique in account and region forever; the
/// second attempt after a lost response gives `ResourceInUse`. Costs begin when the instance does.
/// Errors: `ResourceInUse`, `ResourceLimitExceeded` (the message names the quota),
/// `ResourceNotFound`, `ValidationException` (also for a role that cannot be assumed),
/// `AccessDeniedException` (also for `iam:PassRole`).
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
package struct CreateTrainingJob: JSONOperation, WriteOperation {
  package struct Output: ResponseShape {
    package let arn: String

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      arn = try fields.string("TrainingJobArn")
    }
  }

  package static let service = ControlService.sageMaker
  /// A job that exists is refused the second time, and its settings cannot all be read.
  package static let isRepeatable = false
  /// 1 to 63 letters, digits and hyphens.
  package let name: String
  package let definition: TrainingJobDefinition
  /// At most 50.
  package let tags: [ResourceTag]

  package init(name: String, definition: TrainingJobDefinition, tags: [ResourceTag] = []) {
    self.name = name
    self.definition = definition
    self.tags = tags
  }

  package var subject: String { name }
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

/// Stops a training job: SIGTERM, then two minutes to save its work.
///
/// `POST /`, `SageMaker.StopTrainingJob`. Idempotent while the job stops. Errors:
/// `ResourceNotFound`, `ValidationException` (also when it has ended).
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StopTrainingJob.html
package struct StopTrainingJob: JSONOperation, WriteOperation {
  package typealias Output = Acknowledged
  package static let service = ControlService.sageMaker
  package static let isRepeatable = true
  package let name: String

  package init(name: String) { self.name = name }

  package var subject: String { name }
  package var input: OperationInput { ["TrainingJobName": name] }
}
