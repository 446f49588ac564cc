/// Reads a tuning job.
///
/// `POST /`, `SageMaker.DescribeHyperParameterTuningJob`. Read only. Errors: `ResourceNotFound`.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeHyperParameterTuningJob.html
package struct DescribeHyperParameterTuningJob: JSONOperation, ReadOperation {
  package struct Output: ResponseShape {
    package let name: String
    /// `InProgress`, `Completed`, `Failed`, `Stopping`, `Stopped`.
    package let status: String
    package let failureReason: String?
    /// `Minimize` or `Maximize`.
    package let objective: String
    /// For example `validation:best-loss`.
    package let metricName: String
    package let maximumJobs: Int?
    /// Trials by status.
    package let counts: Counts

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

    /// Whether the job has ended.
    package var isOver: Bool { ["Completed", "Failed", "Stopped"].contains(status) }
  }

  /// Number of trials by status.
  package struct Counts: ResponseShape, Equatable {
    package let completed: Int
    package let running: Int
    /// Stopped, early stops included.
    package let stopped: Int
    package let failed: Int

    init() {
      completed = 0
      running = 0
      stopped = 0
      failed = 0
    }

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      completed = fields.optionalInteger("Completed") ?? 0
      running = fields.optionalInteger("InProgress") ?? 0
      stopped = fields.optionalInteger("Stopped") ?? 0
      failed =
        (fields.optionalInteger("RetryableError") ?? 0)
        + (fields.optionalInteger("NonRetryableError") ?? 0)
    }
  }

  package static let service = ControlService.sageMaker
  package let name: String

  package init(name: String) { self.name = name }

  package var subject: String { name }
  package var input: OperationInput { ["HyperParameterTuningJobName": name] }
}

/// Lists the trials of a tuning job.
///
/// `POST /`, `SageMaker.ListTrainingJobsForHyperParameterTuningJob`. 100 a page. Read only. Errors:
/// `ResourceNotFound`.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListTrainingJobsForHyperParameterTuningJob.html
package struct ListTrainingJobsForHyperParameterTuningJob: JSONOperation, PagedOperation {
  package struct Item: ResponseShape {
    package let name: String
    /// `InProgress`, `Completed`, `Failed`, `Stopping`, `Stopped`.
    package let status: String
    /// The searched hyperparameters, as text.
    package let hyperparameters: [String: String]
    /// The objective's value; nil when there is none.
    package let objectiveValue: Double?
    package let failureReason: String?
    /// Unix seconds.
    package let startTime: Double?
    /// Unix seconds.
    package let endTime: Double?

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

  package static let itemsKey = "TrainingJobSummaries"
  package static let nextTokenKey = "NextToken"
  package static let service = ControlService.sageMaker
  package let name: String
  package var pageToken: String?

  package init(name: String) { self.name = name }

  package var subject: String { name }
  package var input: OperationInput {
    ["HyperParameterTuningJobName": name, "MaxResults": 100, "NextToken": pageToken]
  }
}
