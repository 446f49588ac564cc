import AWSClient

/// Confirms a suspended batch job, or cancels a job.
///
/// `POST /v20180820/jobs/{id}/status?requestedJobStatus=Ready|Cancelled&statusUpdateReason=…`, no body; the reason
/// has at most 256 characters. A finished job stays as it is: `JobStatusException`. Idempotent in effect. Errors:
/// `NoSuchJob`, `NotFoundException`, `JobStatusException`, `TooManyRequestsException`.
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_UpdateJobStatus.html
package struct UpdateJobStatus: S3ControlOperation, WriteOperation {
  package enum Request: String, Sendable {
    case ready = "Ready"
    case cancelled = "Cancelled"
  }

  package typealias Output = BatchJobStatus
  package static let method = "POST"
  /// The second time it is refused, and then judged by the job's state.
  package static let isRepeatable = true
  package let accountID: String
  package let jobID: String
  package let request: Request
  /// At most 256 characters; nil for none.
  package let reason: String?

  package init(accountID: String, jobID: String, request: Request, reason: String? = nil) {
    self.accountID = accountID
    self.jobID = jobID
    self.request = request
    self.reason = reason
  }

  package var subject: String { "\(jobID) to \(request.rawValue)" }
  package var path: OperationPath { "/v20180820/jobs/\(jobID)/status" }
  package var query: [(name: String, value: String?)] {
    [("requestedJobStatus", request.rawValue), ("statusUpdateReason", reason)]
  }

  package static func output(of xml: XMLElement) throws(MalformedResponse) -> BatchJobStatus {
    BatchJobStatus(rawValue: try xml.required("Status"))
  }

  /// A job that is on its way, or that was canceled, has what was requested.
  package func outputIfReached(
    after error: AWSError, with client: ControlClient
  ) throws -> BatchJobStatus? {
    guard error.code.rawValue.hasPrefix("JobStatus") else { return nil }
    let status = try client.read(DescribeJob(accountID: accountID, jobID: jobID)).status
    let reached: Set<BatchJobStatus> =
      switch request {
      case .ready: [.ready, .active, .complete, .init(rawValue: "Completing")]
      case .cancelled: [.cancelling, .cancelled]
      }
    return reached.contains(status) ? status : nil
  }
}

/// Changes the priority of a batch job, which decides the order of jobs, never the speed of one.
///
/// `POST /v20180820/jobs/{id}/priority?priority=0…2147483647`, no body. Idempotent. Errors: `NoSuchJob`,
/// `NotFoundException`, `InvalidRequest` (finished), `TooManyRequestsException`.
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_UpdateJobPriority.html
package struct UpdateJobPriority: S3ControlOperation, WriteOperation {
  package typealias Output = Int
  package static let method = "POST"
  package static let isRepeatable = true
  package let accountID: String
  package let jobID: String
  /// 0 to 2,147,483,647.
  package let priority: Int

  package init(accountID: String, jobID: String, priority: Int) {
    self.accountID = accountID
    self.jobID = jobID
    self.priority = priority
  }

  package var subject: String { jobID }
  package var path: OperationPath { "/v20180820/jobs/\(jobID)/priority" }
  package var query: [(name: String, value: String?)] { [("priority", String(priority))] }

  package static func output(of xml: XMLElement) throws(MalformedResponse) -> Int {
    guard let priority = xml.integer("Priority") else {
      throw MalformedResponse(field: "Priority", problem: "is missing")
    }
    return priority
  }
}
