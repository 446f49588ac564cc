/// Reads a tuning job.
///
/// `POST /`, `SageMaker.DescribeHyperParameterTuningJob`. Read only. Errors: `ResourceNotFound`.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeHyperParameterTuningJob.html
package struct DescribeHyperParameterTuningJob: JSONOperation, ReadOperation {
  /// A job.
  package struct Output: ResponseShape {
    /// The name.
    package let name: String
    /// `InProgress`, `Completed`, `Failed`, `Stopping`, `Stopped`.
    package let status: String
    /// Why it failed.
    package let failureReason: String?
    /// `Minimize` or `Maximize`.
    package let objective: String
    /// As `validation:best-loss`.
    package let metricName: String
    /// Jobs in all.
    package let maximumJobs: Int?
    /// Trials by what became of them.
    package let counts: Counts

    /// Reads the fields.
    package init(_ fields: ResponseFields) throws(MalformedResponse) {
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
    package var isOver: Bool { ["Completed", "Failed", "Stopped"].contains(status) }
  }

  /// How many trials are how.
  package struct Counts: ResponseShape, Equatable {
    /// Ended well.
    package let completed: Int
    /// Running.
    package let running: Int
    /// Stopped, early ones included.
    package let stopped: Int
    /// Failed.
    package let failed: Int

    init() {
      completed = 0
      running = 0
      stopped = 0
      failed = 0
    }

    /// Reads the fields.
    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      completed = fields.optionalInteger("Completed") ?? 0
      running = fields.optionalInteger("InProgress") ?? 0
      stopped = fields.optionalInteger("Stopped") ?? 0
      failed =
        (fields.optionalInteger("RetryableError") ?? 0)
        + (fields.optionalInteger("NonRetryableError") ?? 0)
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
  package var input: OperationInput { ["HyperParameterTuningJobName": name] }
}

/// Lists the trials of a tuning job.
///
/// `POST /`, `SageMaker.ListTrainingJobsForHyperParameterTuningJob`. 100 a page. Read only. Errors:
/// `ResourceNotFound`.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListTrainingJobsForHyperParameterTuningJob.html
package struct ListTrainingJobsForHyperParameterTuningJob: JSONOperation, PagedOperation {
  /// A trial.
  package struct Item: ResponseShape {
    /// The training job.
    package let name: String
    /// `InProgress`, `Completed`, `Failed`, `Stopping`, `Stopped`.
    package let status: String
    /// The sought ones, as text.
    package let hyperparameters: [String: String]
    /// The objective's value; nil when there is none.
    package let objectiveValue: Double?
    /// Why it failed.
    package let failureReason: String?
    /// Unix seconds.
    package let startTime: Double?
    /// Unix seconds.
    package let endTime: Double?

    /// Reads the fields.
    package init(_ fields: ResponseFields) throws(MalformedResponse) {
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
  package static let itemsKey = "TrainingJobSummaries"
  /// The token's name.
  package static let nextTokenKey = "NextToken"
  /// SageMaker.
  package static let service = ControlService.sageMaker
  /// The tuning job.
  package let name: String
  /// The page; nil for the first.
  package var pageToken: String?

  /// The first page.
  package init(name: String) { self.name = name }

  /// The tuning job.
  package var subject: String { name }
  /// Job and page.
  package var input: OperationInput {
    ["HyperParameterTuningJobName": name, "MaxResults": 100, "NextToken": pageToken]
  }
}
