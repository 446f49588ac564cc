/// A state of a batch job. Open, because AWS adds states.
///
/// New → Preparing → Suspended → Ready → Active ⇄ Pausing, Paused (a job with a higher priority) → Completing →
/// Complete; Cancelling → Cancelled; Failing → Failed. Complete means that all tasks were tried, not that one
/// succeeded.
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-job-status.html
package struct BatchJobStatus: RawRepresentable, Sendable, Hashable {
  package let rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }

  package static let new = Self(rawValue: "New")
  package static let preparing = Self(rawValue: "Preparing")
  /// Waits for its confirmation.
  package static let suspended = Self(rawValue: "Suspended")
  package static let ready = Self(rawValue: "Ready")
  package static let active = Self(rawValue: "Active")
  package static let cancelling = Self(rawValue: "Cancelling")
  package static let cancelled = Self(rawValue: "Cancelled")
  package static let complete = Self(rawValue: "Complete")
  package static let failed = Self(rawValue: "Failed")

  /// Whether it never changes again.
  package var isFinal: Bool { [.complete, .cancelled, .failed].contains(self) }
  /// Whether the manifest is still being read.
  package var isBeingPrepared: Bool { [.new, .preparing].contains(self) }
}

/// Progress of a job. S3's counts of finished tasks have been seen wrong: the report is the truth.
package struct BatchJobProgress: Sendable, Equatable {
  /// Nil until the manifest is read.
  package let total: Int?
  package let succeeded: Int
  package let failed: Int
  /// Nil until the job was active.
  package let activeSeconds: Int?

  init(_ xml: XMLElement?) {
    total = xml?.integer("TotalNumberOfTasks")
    succeeded = xml?.integer("NumberOfTasksSucceeded") ?? 0
    failed = xml?.integer("NumberOfTasksFailed") ?? 0
    activeSeconds = xml?.integer("ElapsedTimeInActiveSeconds")
  }

  package init(total: Int?, succeeded: Int, failed: Int, activeSeconds: Int?) {
    self.total = total
    self.succeeded = succeeded
    self.failed = failed
    self.activeSeconds = activeSeconds
  }
}

/// Reads a batch job.
///
/// `GET /v20180820/jobs/{id}`. A job can be read for 90 days after its end. Read only. Errors: `NoSuchJob`,
/// `NotFoundException`, `SlowDown` and `TooManyRequestsException` when polled too often.
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_DescribeJob.html
package struct DescribeJob: S3ControlOperation, ReadOperation {
  package struct Output: Sendable {
    package let jobID: String
    package let status: BatchJobStatus
    package let description: String?
    package let priority: Int?
    package let progress: BatchJobProgress
    /// With the number of its version; nil for a job of another kind.
    package let functionARN: String?
    package let roleARN: String?
    package let manifest: CreateJob.Manifest?
    /// Nil without a report.
    package let report: S3Location?
    /// `code: reason`.
    package let failureReasons: [String]
    /// ISO 8601.
    package let creationTime: String?
    package let terminationDate: String?
  }

  package static let method = "GET"
  package let accountID: String
  package let jobID: String

  package init(accountID: String, jobID: String) {
    self.accountID = accountID
    self.jobID = jobID
  }

  package var subject: String { jobID }
  package var path: OperationPath { "/v20180820/jobs/\(jobID)" }

  package static func output(of xml: XMLElement) throws(MalformedResponse) -> Output {
    guard let job = xml.first("Job") else {
      throw MalformedResponse(field: "Job", problem: "is missing")
    }
    let reasons = job.first("FailureReasons")?.elements("member").map { _, reason in
      [reason.value("FailureCode"), reason.value("FailureReason")].compactMap { $0 }
        .joined(separator: ": ")
    }
    return Output(
      jobID: try job.required("JobId"),
      status: BatchJobStatus(rawValue: try job.required("Status")),
      description: job.value("Description"), priority: job.integer("Priority"),
      progress: BatchJobProgress(job.first("ProgressSummary")),
      functionARN: job.first("LambdaInvoke")?.value("FunctionArn"), roleARN: job.value("RoleArn"),
      manifest: job.first("Manifest").flatMap(manifest),
      report: job.first("Report").flatMap(report), failureReasons: reasons ?? [],
      creationTime: job.value("CreationTime"), terminationDate: job.value("TerminationDate"))
  }

  private static func report(_ xml: XMLElement) -> S3Location? {
    guard let bucket = xml.value("Bucket"), xml.value("Enabled") != "false" else { return nil }
    return S3Location(bucket: resource(bucket), key: xml.value("Prefix") ?? "")
  }

  private static func manifest(_ xml: XMLElement) -> CreateJob.Manifest? {
    guard let location = xml.value("ObjectArn").flatMap({ S3Location("s3://\(resource($0))") }),
      let format = xml.value("Format").flatMap({ CreateJob.ManifestFormat(rawValue: $0) })
    else { return nil }
    return CreateJob.Manifest(
      format: format,
      hasVersions: xml.text("Fields")?.contains("<member>VersionId</member>") ?? false,
      location: location, eTag: xml.value("ETag") ?? "")
  }

  /// What follows `arn:aws:s3:::`.
  private static func resource(_ arn: String) -> String {
    let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    return parts.count == 6 ? String(parts[5]) : arn
  }
}
