import JSON

/// The result of an S3 Batch Operations task.
public enum S3BatchResultCode: String, Sendable {
  /// The result text appears in the job's report.
  case succeeded = "Succeeded"
  /// S3 retries the task before the job ends.
  case temporaryFailure = "TemporaryFailure"
  /// Not retried. The result text appears in the job's report.
  case permanentFailure = "PermanentFailure"
}

/// The response to an S3 Batch Operations invocation: one result per task.
///
/// A task without a result counts as a permanent failure (`treatMissingKeysAs`), as in AWS's
/// examples.
///
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-invoke-lambda.html
public struct S3BatchResponse: Equatable, Sendable {
  /// The result of one task.
  public struct TaskResult: Equatable, Sendable {
    public var taskID: String
    public var code: S3BatchResultCode
    /// A line for the job's report: the class, or the reason for the failure. Truncated to 1,024
    /// characters (AWS documents no limit; the report is a table with a row per object).
    public var text: String

    public init(taskID: String, code: S3BatchResultCode, text: String) {
      self.taskID = taskID
      self.code = code
      self.text = text
    }
  }

  /// Maximum length of a result's text in characters.
  public static let maximumTextLength = 1024

  /// The invocation that this responds to.
  public var invocation: S3BatchInvocation
  /// One per task.
  public var results: [TaskResult]

  public init(to invocation: S3BatchInvocation, results: [TaskResult]) {
    self.invocation = invocation
    self.results = results
  }

  public func serialized() -> [UInt8] {
    var writer = JSONWriter(reservingCapacity: 256 * (1 + results.count))
    writer.beginObject()
    writer.key("invocationSchemaVersion")
    writer.string(invocation.schemaVersion)
    writer.key("treatMissingKeysAs")
    writer.string(S3BatchResultCode.permanentFailure.rawValue)
    writer.key("invocationId")
    writer.string(invocation.invocationID)
    writer.key("results")
    writer.beginArray()
    for result in results { Self.write(result, to: &writer) }
    writer.endArray()
    writer.endObject()
    return writer.bytes
  }

  private static func write(_ result: TaskResult, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("taskId")
    writer.string(result.taskID)
    writer.key("resultCode")
    writer.string(result.code.rawValue)
    writer.key("resultString")
    writer.string(
      String(String.UnicodeScalarView(result.text.unicodeScalars.prefix(maximumTextLength))))
    writer.endObject()
  }
}
