/// Reads a training job.
///
/// `POST /`, `SageMaker.DescribeTrainingJob`. Read only. Errors: `ResourceNotFound`,
/// `ValidationException` (also for a job that does not exist).
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html
package struct DescribeTrainingJob: JSONOperation, ReadOperation {
  package struct Output: ResponseShape {
    package let name: String
    /// `InProgress`, `Completed`, `Failed`, `Stopping`, `Stopped`.
    package let status: String
    /// `Starting`, `Downloading`, `Training`, `Uploading`, `Interrupted`, `MaxWaitTimeExceeded`, ….
    package let secondaryStatus: String
    /// SageMaker's message about the present step.
    package let statusMessage: String?
    package let failureReason: String?
    package let tuningJobARN: String?
    /// `s3://…/model.tar.gz`; nil until the job has completed.
    package let modelURI: String?
    package let image: String?
    package let roleARN: String?
    /// For example `ml.g4dn.xlarge`.
    package let instanceType: String?
    package let isSpot: Bool
    package let hyperparameters: [String: String]
    /// The last value of each metric, in SageMaker's order.
    package let metrics: [Metric]
    /// Unix seconds.
    package let creationTime: Double?
    package let trainingSeconds: Int?
    /// Billable seconds; fewer than the training's with spot.
    package let billableSeconds: Int?

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      name = try fields.string("TrainingJobName")
      status = try fields.string("TrainingJobStatus")
      secondaryStatus = fields.optionalString("SecondaryStatus") ?? ""
      let transitions = fields.json["SecondaryStatusTransitions"]?.arrayValue
      statusMessage = transitions?.last?["StatusMessage"]?.stringValue
      failureReason = fields.optionalString("FailureReason")
      tuningJobARN = fields.optionalString("TuningJobArn")
      modelURI = fields.json["ModelArtifacts"]?["S3ModelArtifacts"]?.stringValue
      image = fields.json["AlgorithmSpecification"]?["TrainingImage"]?.stringValue
      roleARN = fields.optionalString("RoleArn")
      instanceType = fields.json["ResourceConfig"]?["InstanceType"]?.stringValue
      isSpot = fields.optionalBool("EnableManagedSpotTraining") ?? false
      hyperparameters = fields.stringMap("HyperParameters")
      metrics = try fields.list("FinalMetricDataList")
      creationTime = fields.optionalDouble("CreationTime")
      trainingSeconds = fields.optionalInteger("TrainingTimeInSeconds")
      billableSeconds = fields.optionalInteger("BillableTimeInSeconds")
    }

    /// Whether the job has ended.
    package var isOver: Bool { ["Completed", "Failed", "Stopped"].contains(status) }
  }

  package struct Metric: ResponseShape {
    /// For example `validation:loss`.
    package let name: String
    package let value: Double

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      name = try fields.string("MetricName")
      value = try fields.double("Value")
    }
  }

  package static let service = ControlService.sageMaker
  package let name: String

  package init(name: String) { self.name = name }

  package var subject: String { name }
  package var input: OperationInput { ["TrainingJobName": name] }
}

/// List training jobs, newest first. For one page use `ControlClient.read`.
///
/// `POST /`, `SageMaker.ListTrainingJobs`. 1 to 100 a page. Read only. Errors:
/// `ValidationException`.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListTrainingJobs.html
package struct ListTrainingJobs: JSONOperation, PagedOperation {
  package struct Item: ResponseShape {
    package let name: String
    /// `InProgress`, `Completed`, `Failed`, `Stopping`, `Stopped`.
    package let status: String
    /// Unix seconds.
    package let creationTime: Double
    /// Unix seconds; nil while it runs.
    package let endTime: Double?

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      name = try fields.string("TrainingJobName")
      status = try fields.string("TrainingJobStatus")
      creationTime = try fields.double("CreationTime")
      endTime = fields.optionalDouble("TrainingEndTime")
    }
  }

  package static let itemsKey = "TrainingJobSummaries"
  package static let nextTokenKey = "NextToken"
  package static let service = ControlService.sageMaker
  /// Jobs a page, 1 to 100.
  package let maximumResults: Int
  /// Part of the name; nil for any.
  package let nameContains: String?
  /// The status; nil for any.
  package let status: String?
  package var pageToken: String?

  package init(maximumResults: Int, nameContains: String? = nil, status: String? = nil) {
    self.maximumResults = maximumResults
    self.nameContains = nameContains
    self.status = status
  }

  package var subject: String { nameContains ?? "" }
  package var input: OperationInput {
    [
      "MaxResults": maximumResults, "NameContains": nameContains, "StatusEquals": status,
      "SortBy": "CreationTime", "SortOrder": "Descending", "NextToken": pageToken,
    ]
  }
}
