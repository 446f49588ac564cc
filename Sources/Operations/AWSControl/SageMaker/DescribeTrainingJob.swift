/// Reads a training job.
///
/// `POST /`, `SageMaker.DescribeTrainingJob`. Read only. Errors: `ResourceNotFound`, `ValidationException` (also
/// for a job that does not exist).
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html
public struct DescribeTrainingJob: JSONOperation, ReadOperation {
  /// A job.
  public struct Output: ResponseShape {
    /// The name.
    public let name: String
    /// `InProgress`, `Completed`, `Failed`, `Stopping`, `Stopped`.
    public let status: String
    /// `Starting`, `Downloading`, `Training`, `Uploading`, `Interrupted`, `MaxWaitTimeExceeded`, ….
    public let secondaryStatus: String
    /// What SageMaker says of the present step.
    public let statusMessage: String?
    /// Why it failed.
    public let failureReason: String?
    /// The tuning job that made it.
    public let tuningJobARN: String?
    /// `s3://…/model.tar.gz`; there when it has ended well.
    public let modelURI: String?
    /// The image.
    public let image: String?
    /// The role.
    public let roleARN: String?
    /// As `ml.g4dn.xlarge`.
    public let instanceType: String?
    /// Whether it is managed spot.
    public let isSpot: Bool
    /// As they were given.
    public let hyperparameters: [String: String]
    /// The last value of each metric, in SageMaker's order.
    public let metrics: [Metric]
    /// Unix seconds.
    public let creationTime: Double?
    /// How long it trained.
    public let trainingSeconds: Int?
    /// For how long it is paid; less than the training with spot.
    public let billableSeconds: Int?

    /// Reads the fields.
    public init(_ fields: ResponseFields) throws(MalformedResponse) {
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
    public var isOver: Bool { ["Completed", "Failed", "Stopped"].contains(status) }
  }

  /// The last value of a metric.
  public struct Metric: ResponseShape {
    /// As `validation:loss`.
    public let name: String
    /// The value.
    public let value: Double

    /// Reads the fields.
    public init(_ fields: ResponseFields) throws(MalformedResponse) {
      name = try fields.string("MetricName")
      value = try fields.double("Value")
    }
  }

  /// SageMaker.
  public static let service = ControlService.sageMaker
  /// The job.
  public let name: String

  /// A request.
  public init(name: String) { self.name = name }

  /// The name.
  public var subject: String { name }
  /// The name.
  public var input: OperationInput { ["TrainingJobName": name] }
}

/// Lists training jobs, newest first. One page is what a person looks at: use `ControlClient.read`.
///
/// `POST /`, `SageMaker.ListTrainingJobs`. 1 to 100 a page. Read only. Errors: `ValidationException`.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListTrainingJobs.html
public struct ListTrainingJobs: JSONOperation, PagedOperation {
  /// A job in a list.
  public struct Item: ResponseShape {
    /// The name.
    public let name: String
    /// `InProgress`, `Completed`, `Failed`, `Stopping`, `Stopped`.
    public let status: String
    /// Unix seconds.
    public let creationTime: Double
    /// Unix seconds; nil while it runs.
    public let endTime: Double?

    /// Reads the fields.
    public init(_ fields: ResponseFields) throws(MalformedResponse) {
      name = try fields.string("TrainingJobName")
      status = try fields.string("TrainingJobStatus")
      creationTime = try fields.double("CreationTime")
      endTime = fields.optionalDouble("TrainingEndTime")
    }
  }

  /// The list's name.
  public static let itemsKey = "TrainingJobSummaries"
  /// The token's name.
  public static let nextTokenKey = "NextToken"
  /// SageMaker.
  public static let service = ControlService.sageMaker
  /// Jobs a page, 1 to 100.
  public let maximumResults: Int
  /// What the name has to contain.
  public let nameContains: String?
  /// The status; nil for any.
  public let status: String?
  /// The page; nil for the first.
  public var pageToken: String?

  /// The first page; see the properties.
  public init(maximumResults: Int, nameContains: String? = nil, status: String? = nil) {
    self.maximumResults = maximumResults
    self.nameContains = nameContains
    self.status = status
  }

  /// What is searched.
  public var subject: String { nameContains ?? "" }
  /// Filters and page.
  public var input: OperationInput {
    [
      "MaxResults": maximumResults, "NameContains": nameContains, "StatusEquals": status,
      "SortBy": "CreationTime", "SortOrder": "Descending", "NextToken": pageToken,
    ]
  }
}
