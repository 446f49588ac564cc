/// A version of a function as Lambda describes it.
///
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
package struct FunctionConfiguration: ResponseShape {
  package let functionName: String
  /// With the requested qualifier.
  package let functionARN: String
  /// `$LATEST` or a number.
  package let version: String
  /// SHA-256 of the zip, base64.
  package let codeSHA256: String
  /// Bytes of the zip.
  package let codeSize: Int
  /// Last modification: `2026-11-22T14:26:41.123+0000`.
  package let lastModified: String
  /// Empty when there is none.
  package let description: String
  /// Changes with every change; guards against overwriting another one.
  package let revisionID: String?
  /// `x86_64` or `arm64`.
  package let architecture: String
  /// MB.
  package let memorySize: Int?
  /// Seconds.
  package let timeoutSeconds: Int?
  /// `Pending`, `Active`, `Inactive`, `Failed`; nil from emulators without it.
  package let state: String?
  /// Why it is in this state.
  package let stateReason: String?
  /// `Successful`, `InProgress`, `Failed`; nil from emulators without it.
  package let lastUpdateStatus: String?
  /// Why the last update failed.
  package let lastUpdateStatusReason: String?
  /// The dead-letter queue or topic for events that failed on every attempt; nil when there is
  /// none.
  package let deadLetterTargetARN: String?
  /// The SageMaker endpoint that this project's function calls: its variable `ENDPOINT_NAME`. No other variables than
  /// these seven are kept.
  package let endpointName: String?
  /// Where this project's function gets its images from: `IMAGE_BUCKET`.
  package let imageBucket: String?
  /// Beginning of their keys: `IMAGE_PREFIX`; nil is all keys.
  package let imagePrefix: String?
  /// Where it stores results: `RESULT_BUCKET`; nil where it stores none.
  package let resultBucket: String?
  /// `RESULT_PREFIX`.
  package let resultPrefix: String?
  /// `MAX_IMAGE_BYTES`; nil is the default of its kind of endpoint.
  package let maximumImageBytes: Int?
  /// `ENDPOINT_KIND`; nil is `realtime`.
  package let endpointKind: String?

  package init(_ fields: ResponseFields) throws(MalformedResponse) {
    functionName = try fields.string("FunctionName")
    functionARN = try fields.string("FunctionArn")
    version = try fields.string("Version")
    codeSHA256 = fields.optionalString("CodeSha256") ?? ""
    codeSize = fields.optionalInteger("CodeSize") ?? 0
    lastModified = fields.optionalString("LastModified") ?? ""
    description = fields.optionalString("Description") ?? ""
    revisionID = fields.optionalString("RevisionId")
    architecture = fields.strings("Architectures").first ?? "x86_64"
    memorySize = fields.optionalInteger("MemorySize")
    timeoutSeconds = fields.optionalInteger("Timeout")
    state = fields.optionalString("State")
    stateReason = fields.optionalString("StateReason")
    lastUpdateStatus = fields.optionalString("LastUpdateStatus")
    lastUpdateStatusReason = fields.optionalString("LastUpdateStatusReason")
    deadLetterTargetARN = fields.json["DeadLetterConfig"]?["TargetArn"]?.stringValue
    let variables = fields.json["Environment"]?["Variables"]
    endpointName = variables?["ENDPOINT_NAME"]?.stringValue
    imageBucket = variables?["IMAGE_BUCKET"]?.stringValue
    imagePrefix = variables?["IMAGE_PREFIX"]?.stringValue
    resultBucket = variables?["RESULT_BUCKET"]?.stringValue
    resultPrefix = variables?["RESULT_PREFIX"]?.stringValue
    maximumImageBytes = variables?["MAX_IMAGE_BYTES"]?.stringValue.flatMap { Int($0) }
    endpointKind = variables?["ENDPOINT_KIND"]?.stringValue
  }
}
