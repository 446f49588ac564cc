/// A log stream: one container's output.
package struct LogStream: ResponseShape {
  package let name: String

  package init(_ fields: ResponseFields) throws(MalformedResponse) {
    name = try fields.string("logStreamName")
  }
}

/// Lists the streams of a group, by name.
///
/// `POST /`, `Logs_20140328.DescribeLogStreams`. At most 50 a page; 25 calls a second. Read only.
/// Errors: `ResourceNotFoundException` (no such group, as before the first job's first line).
/// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html
package struct DescribeLogStreams: JSONOperation, PagedOperation {
  package typealias Item = LogStream
  package static let itemsKey = "logStreams"
  package static let nextTokenKey = "nextToken"
  package static let service = ControlService.cloudWatchLogs
  package let logGroupName: String
  /// Prefix of the streams' names.
  package let logStreamNamePrefix: String
  package var pageToken: String?

  package init(logGroupName: String, logStreamNamePrefix: String) {
    self.logGroupName = logGroupName
    self.logStreamNamePrefix = logStreamNamePrefix
  }

  package var subject: String { "\(logGroupName) \(logStreamNamePrefix)" }
  package var input: OperationInput {
    [
      "logGroupName": logGroupName, "logStreamNamePrefix": logStreamNamePrefix,
      "nextToken": pageToken,
    ]
  }
}

/// Reads the lines of a stream from its beginning.
///
/// `POST /`, `Logs_20140328.GetLogEvents`. At most 1 MB or 10,000 lines a page; at the end the
/// token stays the same; a page before it may be empty. 25 calls a second. Read only. Errors:
/// `ResourceNotFoundException`.
/// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
package struct GetLogEvents: JSONOperation, ReadOperation {
  package struct Output: ResponseShape {
    /// The lines, oldest first.
    package let events: [Event]
    /// The token of the next page.
    package let nextForwardToken: String?

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      events = try fields.list("events")
      nextForwardToken = fields.optionalString("nextForwardToken")
    }
  }

  package struct Event: ResponseShape {
    /// Milliseconds since 1970.
    package let timestamp: Int?
    package let message: String

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      timestamp = fields.optionalInteger("timestamp")
      message = try fields.string("message")
    }
  }

  package static let service = ControlService.cloudWatchLogs
  package let logGroupName: String
  package let logStreamName: String
  /// The page; nil begins at the first line.
  package let nextToken: String?

  package init(logGroupName: String, logStreamName: String, nextToken: String? = nil) {
    self.logGroupName = logGroupName
    self.logStreamName = logStreamName
    self.nextToken = nextToken
  }

  package var subject: String { logStreamName }
  package var input: OperationInput {
    [
      "logGroupName": logGroupName, "logStreamName": logStreamName, "nextToken": nextToken,
      "startFromHead": true,
    ]
  }
}
