import JSON

/// What became of a task of S3 Batch Operations.
public enum S3BatchResultCode: String, Sendable {
  /// Done; the result text stands in the job's report.
  case succeeded = "Succeeded"
  /// S3 tries the task again before the job ends.
  case temporaryFailure = "TemporaryFailure"
  /// Failed for good; the result text stands in the job's report.
  case permanentFailure = "PermanentFailure"
}

/// The answer to an invocation by S3 Batch Operations: one result for each task.
///
/// A task that has no result counts as failed for good (`treatMissingKeysAs`), as in AWS's
/// examples.
///
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-invoke-lambda.html
public struct S3BatchResponse: Equatable, Sendable {
  /// What became of one task.
  public struct TaskResult: Equatable, Sendable {
    /// The task's own id.
    public var taskID: String
    /// What became of it.
    public var code: S3BatchResultCode
    /// A line for the job's report: the class, or why it failed. Written up to 1,024 characters
    /// (AWS names no limit; the report is a table with a row for each object).
    public var text: String

    /// A result.
    public init(taskID: String, code: S3BatchResultCode, text: String) {
      self.taskID = taskID
      self.code = code
      self.text = text
    }
  }

  /// The most characters of a result's text that are written.
  public static let maximumTextLength = 1024

  /// What is answered.
  public var invocation: S3BatchInvocation
  /// One for each task.
  public var results: [TaskResult]

  /// An answer to this invocation.
  public init(to invocation: S3BatchInvocation, results: [TaskResult]) {
    self.invocation = invocation
    self.results = results
  }

  /// The answer as JSON.
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
