/// Reads a tuning job.
///
/// `POST /`, `SageMaker.DescribeHyperParameterTuningJob`. Read only. Errors: `ResourceNotFound`.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeHyperParameterTuningJob.html
public struct DescribeHyperParameterTuningJob: JSONOperation, ReadOperation {
  /// A job.
  public struct Output: ResponseShape {
    /// The name.
    public let name: String
    /// `InProgress`, `Completed`, `Failed`, `Stopping`, `Stopped`.
    public let status: String
    /// Why it failed.
    public let failureReason: String?
    /// `Minimize` or `Maximize`.
    public let objective: String
    /// As `validation:best-loss`.
    public let metricName: String
    /// Jobs in all.
    public let maximumJobs: Int?
    /// Trials by what became of them.
    public let counts: Counts

    /// Reads the fields.
    public init(_ fields: ResponseFields) throws(MalformedResponse) {
      name = try fields.string("HyperParameterTuningJobName")
      status = try fields.string("HyperParameterTuningJobStatus")
      failureReason = fields.optionalString("FailureReason")
      let configuration = fields.json["HyperParameterTuningJobConfig"]
      let goal = configuration?["HyperParameterTuningJobObjective"]
      objective = goal?["Type"]?.stringValue ?? "Minimize"
      metricName = goal?["MetricName"]?.stringValue ?? ""
      let limits = configuration?["ResourceLimits"]
      maximumJobs = limits?["MaxNumberOfTrainingJobs"]?.int64Value.map { Int(clamping: $0) }
      counts = try fields.object("TrainingJobStatusCounters") ?? Counts()
    }

    /// Whether nothing more will happen.
    public var isOver: Bool { ["Completed", "Failed", "Stopped"].contains(status) }
  }

  /// How many trials are how.
  public struct Counts: ResponseShape, Equatable {
    /// Ended well.
    public let completed: Int
    /// Running.
    public let running: Int
    /// Stopped, early ones included.
    public let stopped: Int
    /// Failed.
    public let failed: Int

    init() {
      completed = 0
      running = 0
      stopped = 0
      failed = 0
    }

    /// Reads the fields.
    public init(_ fields: ResponseFields) throws(MalformedResponse) {
      completed = fields.optionalInteger("Completed") ?? 0
      running = fields.optionalInteger("InProgress") ?? 0
      stopped = fields.optionalInteger("Stopped") ?? 0
      failed =
        (fields.optionalInteger("RetryableError") ?? 0)
        + (fields.optionalInteger("NonRetryableError") ?? 0)
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
  public var input: OperationInput { ["HyperParameterTuningJobName": name] }
}

/// Lists the trials of a tuning job.
///
/// `POST /`, `SageMaker.ListTrainingJobsForHyperParameterTuningJob`. 100 a page. Read only. Errors:
/// `ResourceNotFound`.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListTrainingJobsForHyperParameterTuningJob.html
public struct ListTrainingJobsForHyperParameterTuningJob: JSONOperation, PagedOperation {
  /// A trial.
  public struct Item: ResponseShape {
    /// The training job.
    public let name: String
    /// `InProgress`, `Completed`, `Failed`, `Stopping`, `Stopped`.
    public let status: String
    /// The sought ones, as text.
    public let hyperparameters: [String: String]
    /// The objective's value; nil when there is none.
    public let objectiveValue: Double?
    /// Why it failed.
    public let failureReason: String?
    /// Unix seconds.
    public let startTime: Double?
    /// Unix seconds.
    public let endTime: Double?

    /// Reads the fields.
    public init(_ fields: ResponseFields) throws(MalformedResponse) {
      name = try fields.string("TrainingJobName")
      status = try fields.string("TrainingJobStatus")
      hyperparameters = fields.stringMap("TunedHyperParameters")
      let final = fields.json["FinalHyperParameterTuningJobObjectiveMetric"]
      objectiveValue = final?["Value"]?.doubleValue
      failureReason = fields.optionalString("FailureReason")
      startTime = fields.optionalDouble("TrainingStartTime")
      endTime = fields.optionalDouble("TrainingEndTime")
    }
  }

  /// The list's name.
  public static let itemsKey = "TrainingJobSummaries"
  /// The token's name.
  public static let nextTokenKey = "NextToken"
  /// SageMaker.
  public static let service = ControlService.sageMaker
  /// The tuning job.
  public let name: String
  /// The page; nil for the first.
  public var pageToken: String?

  /// The first page.
  public init(name: String) { self.name = name }

  /// The tuning job.
  public var subject: String { name }
  /// Job and page.
  public var input: OperationInput {
    ["HyperParameterTuningJobName": name, "MaxResults": 100, "NextToken": pageToken]
  }
}
