/// Creates a job of S3 Batch Operations that invokes a Lambda function for each object of a manifest.
///
/// `POST /v20180820/jobs`. The job waits in the state `Suspended` until UpdateJobStatus confirms it; unconfirmed for 30
/// days, it fails. One manifest has at most 20 billion objects. Idempotent by `clientRequestToken`: the same token with
/// the same content returns the same job. Errors: `IdempotencyException` (the token belongs to another request),
/// `InvalidRequest`, `AccessDenied` (also without iam:PassRole), `TooManyRequestsException`. A manifest that cannot be
/// read, or whose ETag differs, fails the job, not this call.
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_CreateJob.html
package struct CreateJob: S3ControlOperation, WriteOperation {
  package typealias Output = String

  package enum ManifestFormat: String, Sendable, CaseIterable {
    /// Lines `bucket,key[,version]` without a header; never encrypted with SSE-KMS.
    case csv = "S3BatchOperations_CSV_20180820"
    /// The `manifest.json` of an S3 Inventory.
    case inventory = "S3InventoryReport_CSV_20161130"
  }

  package struct Manifest: Sendable, Equatable {
    package var format: ManifestFormat
    /// Whether a row of the CSV has a version; an inventory states its own columns.
    package var hasVersions: Bool
    package var location: S3Location
    /// Without quotation marks.
    package var eTag: String

    package init(
      format: ManifestFormat, hasVersions: Bool, location: S3Location, eTag: String
    ) {
      self.format = format
      self.hasVersions = hasVersions
      self.location = location
      self.eTag = eTag
    }
  }

  package static let method = "POST"
  /// Its token makes it so.
  package static let isRepeatable = true
  package let accountID: String
  /// As in an ARN: `aws`.
  package let partition: String
  /// With the number of a version behind it.
  package let functionARN: String
  /// At most 10; key at most 64 characters, value at most 1,024.
  package var userArguments: [(key: String, value: String)] = []
  package let manifest: Manifest
  /// Bucket and prefix, at most 512 characters, without a trailing slash.
  package let report: S3Location
  /// 1 to 64 characters.
  package let clientRequestToken: String
  /// At most 256 characters.
  package var description: String?
  /// 0 to 2,147,483,647; a job with a higher one goes first.
  package let priority: Int
  package let roleARN: String

  package init(
    accountID: String, partition: String = "aws", functionARN: String, manifest: Manifest,
    report: S3Location, clientRequestToken: String, priority: Int, roleARN: String
  ) {
    self.accountID = accountID
    self.partition = partition
    self.functionARN = functionARN
    self.manifest = manifest
    self.report = report
    self.clientRequestToken = clientRequestToken
    self.priority = priority
    self.roleARN = roleARN
  }

  package var subject: String {
    "of \(functionARN.split(separator: ":").suffix(2).joined(separator: ":"))"
  }
  package var path: OperationPath { "/v20180820/jobs" }

  /// Members in the model's order.
  package var body: RequestXML? {
    RequestXML(
      "CreateJobRequest", namespace: "http://awss3control.amazonaws.com/doc/2018-08-20/",
      [
        RequestXML("ConfirmationRequired", "true"), RequestXML("Operation", [invocation]),
        reportElement, RequestXML("ClientRequestToken", clientRequestToken), manifestElement,
        RequestXML("Description", optional: description),
        RequestXML("Priority", String(priority)), RequestXML("RoleArn", roleARN),
      ])
  }

  private var invocation: RequestXML {
    let entries = userArguments.map { key, value in
      RequestXML("entry", [RequestXML("key", key), RequestXML("value", value)])
    }
    return RequestXML(
      "LambdaInvoke",
      [
        RequestXML("FunctionArn", functionARN), RequestXML("InvocationSchemaVersion", "2.0"),
        entries.isEmpty ? nil : RequestXML("UserArguments", entries),
      ])
  }

  private var reportElement: RequestXML {
    RequestXML(
      "Report",
      [
        RequestXML("Bucket", "arn:\(partition):s3:::\(report.bucket)"),
        RequestXML("Format", "Report_CSV_20180820"), RequestXML("Enabled", "true"),
        RequestXML("Prefix", report.key), RequestXML("ReportScope", "AllTasks"),
      ])
  }

  private var manifestElement: RequestXML {
    let columns = ["Bucket", "Key"] + (manifest.hasVersions ? ["VersionId"] : [])
    let fields = RequestXML("Fields", columns.map { RequestXML("member", $0) })
    return RequestXML(
      "Manifest",
      [
        RequestXML(
          "Spec",
          [
            RequestXML("Format", manifest.format.rawValue),
            manifest.format == .csv ? fields : nil,
          ]),
        RequestXML(
          "Location",
          [
            RequestXML(
              "ObjectArn",
              "arn:\(partition):s3:::\(manifest.location.bucket)/\(manifest.location.key)"),
            RequestXML("ETag", manifest.eTag),
          ]),
      ])
  }

  /// The job's id, 5 to 36 characters.
  package static func output(of xml: XMLElement) throws(MalformedResponse) -> String {
    try xml.required("JobId")
  }
}
