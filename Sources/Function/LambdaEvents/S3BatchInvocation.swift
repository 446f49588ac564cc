import JSON

/// An invocation by an S3 Batch Operations job, schema 1.0 or 2.0. Each object of the manifest is a
/// task with its own result. S3 currently sends one task per invocation.
///
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-invoke-lambda.html
public struct S3BatchInvocation: Equatable, Sendable {
  /// `1.0` or `2.0`; repeated in the response.
  public var schemaVersion: String
  /// Repeated in the response.
  public var invocationID: String
  /// For the log.
  public var jobID: String?
  /// One or more, in order.
  public var tasks: [S3BatchTask]

  public init(schemaVersion: String, invocationID: String, jobID: String?, tasks: [S3BatchTask]) {
    self.schemaVersion = schemaVersion
    self.invocationID = invocationID
    self.jobID = jobID
    self.tasks = tasks
  }
}

/// One object of a job.
public struct S3BatchTask: Equatable, Sendable {
  /// Identifies the task in the response.
  public var taskID: String
  /// The object, or the reason why it cannot be determined.
  public var object: Result<S3ObjectReference, EventError>

  public init(taskID: String, object: Result<S3ObjectReference, EventError>) {
    self.taskID = taskID
    self.object = object
  }
}

extension S3BatchInvocation {
  static func matches(_ event: JSONValue) -> Bool { event["invocationSchemaVersion"] != nil }

  /// - Throws: when a field that the response must repeat is missing, or the version is not
  ///   supported.
  init(_ reader: EventReader) throws(EventError) {
    schemaVersion = try reader.requiredString("invocationSchemaVersion")
    guard ["1.0", "2.0"].contains(schemaVersion) else {
      throw reader.error(
        .unsupportedVersion, ["invocationSchemaVersion"],
        "is \(EventError.quoted(schemaVersion)); this function supports 1.0 and 2.0")
    }
    invocationID = try reader.requiredString("invocationId")
    jobID = reader.field("job", "id")?.stringValue
    tasks = []
    let elements = try reader.requiredArray(
      "tasks", accepted: "an invocation must have at least one task")
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

  /// Keys are form-encoded in both schemas. AWS documents them as "URL encoded", and its example
  /// does not decode `+`, but S3 sends `+` for a space, as in its notifications
  /// (https://github.com/aws-powertools/powertools-lambda-python/pull/3572).
  private static func object(_ reader: EventReader) throws(EventError) -> S3ObjectReference {
    let rawKey = try reader.requiredString("s3Key")
    return S3ObjectReference(
      bucket: try bucket(reader),
      key: try reader.formDecoded(rawKey, "s3Key"),
      rawKey: rawKey,
      versionID: try reader.optionalString("s3VersionId"))
  }

  /// Schema 2.0 has the name, schema 1.0 the ARN, `arn:aws:s3:::NAME`. Older AWS examples include a
  /// region and an account in the ARN.
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
