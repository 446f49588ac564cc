/// A log stream: one container's output.
public struct LogStream: ResponseShape {
  /// The name.
  public let name: String

  /// Reads the field.
  public init(_ fields: ResponseFields) throws(MalformedResponse) {
    name = try fields.string("logStreamName")
  }
}

/// Lists the streams of a group, by name.
///
/// `POST /`, `Logs_20140328.DescribeLogStreams`. At most 50 a page; 25 calls a second. Read only. Errors:
/// `ResourceNotFoundException` (no such group, as before the first job's first line).
/// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html
public struct DescribeLogStreams: JSONOperation, PagedOperation {
  /// A stream.
  public typealias Item = LogStream
  /// The list's name.
  public static let itemsKey = "logStreams"
  /// The token's name.
  public static let nextTokenKey = "nextToken"
  /// CloudWatch Logs.
  public static let service = ControlService.cloudWatchLogs
  /// The group.
  public let logGroupName: String
  /// The beginning of the streams' names.
  public let logStreamNamePrefix: String
  /// The page; nil for the first.
  public var pageToken: String?

  /// The first page; see the properties.
  public init(logGroupName: String, logStreamNamePrefix: String) {
    self.logGroupName = logGroupName
    self.logStreamNamePrefix = logStreamNamePrefix
  }

  /// Group and prefix.
  public var subject: String { "\(logGroupName) \(logStreamNamePrefix)" }
  /// Group, prefix, page.
  public var input: OperationInput {
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
public struct GetLogEvents: JSONOperation, ReadOperation {
  /// A page of lines.
  public struct Output: ResponseShape {
    /// The lines, oldest first.
    public let events: [Event]
    /// Asks for what comes after them.
    public let nextForwardToken: String?

    /// Reads the fields.
    public init(_ fields: ResponseFields) throws(MalformedResponse) {
      events = try fields.list("events")
      nextForwardToken = fields.optionalString("nextForwardToken")
    }
  }

  /// A line.
  public struct Event: ResponseShape {
    /// Milliseconds since 1970.
    public let timestamp: Int?
    /// The text.
    public let message: String

    /// Reads the fields.
    public init(_ fields: ResponseFields) throws(MalformedResponse) {
      timestamp = fields.optionalInteger("timestamp")
      message = try fields.string("message")
    }
  }

  /// CloudWatch Logs.
  public static let service = ControlService.cloudWatchLogs
  /// The group.
  public let logGroupName: String
  /// The stream.
  public let logStreamName: String
  /// Where to go on; nil begins at the first line.
  public let nextToken: String?

  /// A request; see the properties.
  public init(logGroupName: String, logStreamName: String, nextToken: String? = nil) {
    self.logGroupName = logGroupName
    self.logStreamName = logStreamName
    self.nextToken = nextToken
  }

  /// The stream.
  public var subject: String { logStreamName }
  /// Stream and page.
  public var input: OperationInput {
    [
      "logGroupName": logGroupName, "logStreamName": logStreamName, "nextToken": nextToken,
      "startFromHead": true,
    ]
  }
}
