import JSON

/// An invocation by a job of S3 Batch Operations, schema 1.0 or 2.0: objects of a manifest, each a
/// task with a result of its own. Today one task an invocation.
///
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-invoke-lambda.html
public struct S3BatchInvocation: Equatable, Sendable {
  /// `1.0` or `2.0`; the answer repeats it.
  public var schemaVersion: String
  /// The answer repeats it.
  public var invocationID: String
  /// The job, for the log.
  public var jobID: String?
  /// The tasks in their order, one or more.
  public var tasks: [S3BatchTask]

  /// An invocation.
  public init(schemaVersion: String, invocationID: String, jobID: String?, tasks: [S3BatchTask]) {
    self.schemaVersion = schemaVersion
    self.invocationID = invocationID
    self.jobID = jobID
    self.tasks = tasks
  }
}

/// One object of a job.
public struct S3BatchTask: Equatable, Sendable {
  /// What names the task in the answer.
  public var taskID: String
  /// The object, or why the task does not name one.
  public var object: Result<S3ObjectReference, EventError>

  /// A task.
  public init(taskID: String, object: Result<S3ObjectReference, EventError>) {
    self.taskID = taskID
    self.object = object
  }
}

extension S3BatchInvocation {
  static func matches(_ event: JSONValue) -> Bool { event["invocationSchemaVersion"] != nil }

  /// - Throws: when there is a part missing that the answer must repeat, or the version is unknown.
  init(_ reader: EventReader) throws(EventError) {
    schemaVersion = try reader.requiredString("invocationSchemaVersion")
    guard ["1.0", "2.0"].contains(schemaVersion) else {
      throw reader.error(
        .unsupportedVersion, ["invocationSchemaVersion"],
        "is \(EventError.quoted(schemaVersion)); this function reads 1.0 and 2.0")
    }
    invocationID = try reader.requiredString("invocationId")
    jobID = reader.field("job", "id")?.stringValue
    tasks = []
    let elements = try reader.requiredArray(
      "tasks", accepted: "an invocation has at least one task")
    for (index, value) in elements.enumerated() {
      tasks.append(try S3BatchTask(reader.element(value, of: "tasks", at: index)))
    }
  }
}

extension S3BatchTask {
  init(_ reader: EventReader) throws(EventError) {
    try reader.requireObject()
    taskID = try reader.requiredString("taskId")
    object = Result { () throws(EventError) in try Self.object(reader) }
  }

  /// Keys come form-encoded in both schemas: "URL encoded", says AWS, and its example undoes that
  /// without turning `+` into a space; but what is sent has `+` for a space, as in S3's
  /// notifications (https://github.com/aws-powertools/powertools-lambda-python/pull/3572).
  private static func object(_ reader: EventReader) throws(EventError) -> S3ObjectReference {
    let rawKey = try reader.requiredString("s3Key")
    return S3ObjectReference(
      bucket: try bucket(reader),
      key: try reader.formDecoded(rawKey, "s3Key"),
      rawKey: rawKey,
      versionID: try reader.optionalString("s3VersionId"))
  }

  /// Schema 2.0 gives the name, 1.0 the ARN, `arn:aws:s3:::NAME`; older examples of AWS's have a
  /// region and an account in it.
  private static func bucket(_ reader: EventReader) throws(EventError) -> String {
    if let name = try reader.optionalString("s3Bucket") { return name }
    let arn = try reader.requiredString("s3BucketArn")
    let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "arn", parts[2] == "s3", !parts[5].isEmpty,
      !parts[5].contains("/")
    else {
      throw reader.error(
        .malformedField, ["s3BucketArn"], "\(EventError.quoted(arn)) is not the ARN of a bucket")
    }
    return String(parts[5])
  }
}
