/// Reads a training job.
///
/// `POST /`, `SageMaker.DescribeTrainingJob`. Read only. Errors: `ResourceNotFound`, `ValidationException` (also
/// for a job that does not exist).
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html
package struct DescribeTrainingJob: JSONOperation, ReadOperation {
  /// A job.
  package struct Output: ResponseShape {
    /// The name.
    package let name: String
    /// `InProgress`, `Completed`, `Failed`, `Stopping`, `Stopped`.
    package let status: String
    /// `Starting`, `Downloading`, `Training`, `Uploading`, `Interrupted`, `MaxWaitTimeExceeded`, ….
    package let secondaryStatus: String
    /// What SageMaker says of the present step.
    package let statusMessage: String?
    /// Why it failed.
    package let failureReason: String?
    /// The tuning job that made it.
    package let tuningJobARN: String?
    /// `s3://…/model.tar.gz`; there when it has ended well.
    package let modelURI: String?
    /// The image.
    package let image: String?
    /// The role.
    package let roleARN: String?
    /// As `ml.g4dn.xlarge`.
    package let instanceType: String?
    /// Whether it is managed spot.
    package let isSpot: Bool
    /// As they were given.
    package let hyperparameters: [String: String]
    /// The last value of each metric, in SageMaker's order.
    package let metrics: [Metric]
    /// Unix seconds.
    package let creationTime: Double?
    /// How long it trained.
    package let trainingSeconds: Int?
    /// For how long it is paid; less than the training with spot.
    package let billableSeconds: Int?

    /// Reads the fields.
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

    /// Whether nothing more will happen.
    package var isOver: Bool { ["Completed", "Failed", "Stopped"].contains(status) }
  }

  /// The last value of a metric.
  package struct Metric: ResponseShape {
    /// As `validation:loss`.
    package let name: String
    /// The value.
    package let value: Double

    /// Reads the fields.
    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      name = try fields.string("MetricName")
      value = try fields.double("Value")
    }
  }

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

/// Lists training jobs, newest first. One page is what a person looks at: use `ControlClient.read`.
///
/// `POST /`, `SageMaker.ListTrainingJobs`. 1 to 100 a page. Read only. Errors: `ValidationException`.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListTrainingJobs.html
package struct ListTrainingJobs: JSONOperation, PagedOperation {
  /// A job in a list.
  package struct Item: ResponseShape {
    /// The name.
    package let name: String
    /// `InProgress`, `Completed`, `Failed`, `Stopping`, `Stopped`.
    package let status: String
    /// Unix seconds.
    package let creationTime: Double
    /// Unix seconds; nil while it runs.
    package let endTime: Double?

    /// Reads the fields.
    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      name = try fields.string("TrainingJobName")
      status = try fields.string("TrainingJobStatus")
      creationTime = try fields.double("CreationTime")
      endTime = fields.optionalDouble("TrainingEndTime")
    }
  }

  /// The list's name.
  package static let itemsKey = "TrainingJobSummaries"
  /// The token's name.
  package static let nextTokenKey = "NextToken"
  /// SageMaker.
  package static let service = ControlService.sageMaker
  /// Jobs a page, 1 to 100.
  package let maximumResults: Int
  /// What the name has to contain.
  package let nameContains: String?
  /// The status; nil for any.
  package let status: String?
  /// The page; nil for the first.
  package var pageToken: String?

  /// The first page; see the properties.
  package init(maximumResults: Int, nameContains: String? = nil, status: String? = nil) {
    self.maximumResults = maximumResults
    self.nameContains = nameContains
    self.status = status
  }

  /// What is searched.
  package var subject: String { nameContains ?? "" }
  /// Filters and page.
  package var input: OperationInput {
    [
      "MaxResults": maximumResults, "NameContains": nameContains, "StatusEquals": status,
      "SortBy": "CreationTime", "SortOrder": "Descending", "NextToken": pageToken,
    ]
  }
}
