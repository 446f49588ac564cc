/// Lists the batch jobs of the last 90 days.
///
/// `GET /v20180820/jobs?jobStatuses=A&jobStatuses=B&maxResults=…&nextToken=…`. At most 1,000 a page. Read only. Errors:
/// `InvalidNextTokenException`, `InvalidRequest`, `SlowDown`.
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_ListJobs.html
package struct ListJobs: S3ControlOperation, PagedOperation {
  package struct Item: Sendable {
    package let jobID: String
    package let status: BatchJobStatus
    package let description: String?
    /// `LambdaInvoke`, `S3PutObjectCopy`, …
    package let operation: String?
    package let priority: Int?
    package let progress: BatchJobProgress
    /// ISO 8601.
    package let creationTime: String?
    package let terminationDate: String?
  }

  package static let itemsKey = "Jobs"
  package static let nextTokenKey = "NextToken"
  package static let method = "GET"
  package let accountID: String
  /// Only jobs in one of these states; all without one.
  package let statuses: [BatchJobStatus]
  package var pageToken: String?

  package init(accountID: String, statuses: [BatchJobStatus] = []) {
    self.accountID = accountID
    self.statuses = statuses
  }

  package var subject: String { "" }
  package var path: OperationPath { "/v20180820/jobs" }
  package var query: [(name: String, value: String?)] {
    statuses.map { ("jobStatuses", $0.rawValue) } + [
      ("maxResults", "1000"), ("nextToken", pageToken),
    ]
  }

  package static func output(of xml: XMLElement) throws(MalformedResponse) -> Page<Item> {
    var items: [Item] = []
    for (_, job) in xml.first(itemsKey)?.elements("member") ?? [] {
      items.append(
        Item(
          jobID: try job.required("JobId"),
          status: BatchJobStatus(rawValue: try job.required("Status")),
          description: job.value("Description"),
          operation: job.value("Operation"), priority: job.integer("Priority"),
          progress: BatchJobProgress(job.first("ProgressSummary")),
          creationTime: job.value("CreationTime"),
          terminationDate: job.value("TerminationDate")))
    }
    return Page(items: items, nextToken: xml.value(nextTokenKey))
  }
}
