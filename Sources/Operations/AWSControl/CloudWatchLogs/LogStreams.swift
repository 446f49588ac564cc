/// A log stream: one container's output.
package struct LogStream: ResponseShape {
  /// The name.
  package let name: String

  /// Reads the field.
  package init(_ fields: ResponseFields) throws(MalformedResponse) {
    name = try fields.string("logStreamName")
  }
}

/// Lists the streams of a group, by name.
///
/// `POST /`, `Logs_20140328.DescribeLogStreams`. At most 50 a page; 25 calls a second. Read only. Errors:
/// `ResourceNotFoundException` (no such group, as before the first job's first line).
/// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html
package struct DescribeLogStreams: JSONOperation, PagedOperation {
  /// A stream.
  package typealias Item = LogStream
  /// The list's name.
  package static let itemsKey = "logStreams"
  /// The token's name.
  package static let nextTokenKey = "nextToken"
  /// CloudWatch Logs.
  package static let service = ControlService.cloudWatchLogs
  /// The group.
  package let logGroupName: String
  /// The beginning of the streams' names.
  package let logStreamNamePrefix: String
  /// The page; nil for the first.
  package var pageToken: String?

  /// The first page; see the properties.
  package init(logGroupName: String, logStreamNamePrefix: String) {
    self.logGroupName = logGroupName
    self.logStreamNamePrefix = logStreamNamePrefix
  }

  /// Group and prefix.
  package var subject: String { "\(logGroupName) \(logStreamNamePrefix)" }
  /// Group, prefix, page.
  package var input: OperationInput {
    [
      "logGroupName": logGroupName, "logStreamNamePrefix": logStreamNamePrefix,
      "nextToken": pageToken,
    ]
  }
}

/// Reads lines of a stream, from its beginning on.
///
/// `POST /`, `Logs_20140328.GetLogEvents`. At most 1 MB or 10,000 lines a page; at the end the token stays the
/// same, and an empty page before it is possible: it is asked again later. 25 calls a second. Read only.
/// Errors: `ResourceNotFoundException`.
/// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
package struct GetLogEvents: JSONOperation, ReadOperation {
  /// A page of lines.
  package struct Output: ResponseShape {
    /// The lines, oldest first.
    package let events: [Event]
    /// Asks for what comes after them.
    package let nextForwardToken: String?

    /// Reads the fields.
    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      events = try fields.list("events")
      nextForwardToken = fields.optionalString("nextForwardToken")
    }
  }

  /// A line.
  package struct Event: ResponseShape {
    /// Milliseconds since 1970.
    package let timestamp: Int?
    /// The text.
    package let message: String

    /// Reads the fields.
    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      timestamp = fields.optionalInteger("timestamp")
      message = try fields.string("message")
    }
  }

  /// CloudWatch Logs.
  package static let service = ControlService.cloudWatchLogs
  /// The group.
  package let logGroupName: String
  /// The stream.
  package let logStreamName: String
  /// Where to go on; nil begins at the first line.
  package let nextToken: String?

  /// A request; see the properties.
  package init(logGroupName: String, logStreamName: String, nextToken: String? = nil) {
    self.logGroupName = logGroupName
    self.logStreamName = logStreamName
    self.nextToken = nextToken
  }

  /// The stream.
  package var subject: String { logStreamName }
  /// Stream and page.
  package var input: OperationInput {
    [
      "logGroupName": logGroupName, "logStreamName": logStreamName, "nextToken": nextToken,
      "startFromHead": true,
    ]
  }
}
