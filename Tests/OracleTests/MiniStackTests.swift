import JSON
import SigV4
import Testing

/// GetObject against MiniStack with AUTH=true: signatures, session tokens, IAM per resource,
/// versions. The events were sent and form-encoded by MiniStack's own bucket.
///
/// MiniStack does not emulate SageMaker; LocalAWS does.
@Suite(.enabled(if: Oracle.miniStack.isExpected, Oracle.miniStack.absence))
struct MiniStackTests {
  private let store: ObjectStoreOracle

  init() throws { store = try ObjectStoreOracle(.miniStack) }

  @Test(arguments: ObjectKeys.everywhere + ObjectKeys.notOnFiles)
  func objectIsReadByTheEventOfItsUpload(_ key: String) throws {
    try store.expectImage(of: store.object(key), as: "user")
  }

  @Test func issueNamesKeysThatAreAmongThese() {
    expect(
      ObjectKeys.everywhere + ObjectKeys.notOnFiles,
      contain: [" ", "+", "%", "=", "//", "../", "ü", "🐕"])
  }

  @Test(arguments: ["with space.jpg", "../parent.jpg"])
  func sessionTokenOfAnAssumedRoleIsAccepted(_ key: String) throws {
    try store.expectImage(of: store.object(key), as: "role")
  }

  @Test func eachVersionIsReadByItsOwnEvent() throws {
    let versions = try #require(store.description["versions"]?.arrayValue)
    #expect(versions.count == 2)
    for version in versions { try store.expectImage(of: version, as: "user") }
  }

  /// Calculated by botocore on upload and sent by MiniStack with the object: a wrong checksum would
  /// be an error.
  @Test(arguments: ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"])
  func checksumOfEachKindIsTheOneThatBotocoreCalculated(_ algorithm: String) throws {
    try store.expectImage(of: store.object("checksums/\(algorithm).jpg"), as: "user")
  }

  @Test func objectUploadedInPartsIsReadThoughItsChecksumIsComposite() throws {
    try store.expectImage(of: store.object("checksums/composite.jpg"), as: "user")
  }

  @Test func wrongSecretGivesSignatureDoesNotMatch() throws {
    let error = try store.failure(of: store.object("with=equals.jpg"), as: store.wrongSecret())
    #expect(error.type == "S3.SignatureDoesNotMatch")
    #expect(error.message.contains("GetObject s3://photos/with=equals.jpg"))
    #expect(error.message.contains("SignatureDoesNotMatch"))
    #expect(error.message.contains("403"))
  }

  @Test func unknownAccessKeyGivesInvalidAccessKeyID() throws {
    let stranger = AWSCredentials(
      accessKeyID: "AKIAUNKNOWNTOMINISTA", secretAccessKey: "anything")
    let error = try store.failure(of: store.object("with=equals.jpg"), as: stranger)
    #expect(error.type == "S3.InvalidAccessKeyId")
  }

  @Test func sessionWithoutItsTokenIsRefused() throws {
    let session = try store.credentials("role")
    let keysOnly = AWSCredentials(
      accessKeyID: session.accessKeyID, secretAccessKey: session.secretAccessKey)
    let error = try store.failure(of: store.object("with=equals.jpg"), as: keysOnly)
    #expect(error.type == "S3.InvalidAccessKeyId")
  }

  @Test func sessionWithAnotherTokenIsRefused() throws {
    let session = try store.credentials("role")
    let mixed = AWSCredentials(
      accessKeyID: session.accessKeyID, secretAccessKey: session.secretAccessKey,
      sessionToken: "another")
    let error = try store.failure(of: store.object("with=equals.jpg"), as: mixed)
    #expect(error.type == "S3.InvalidToken")
    #expect(error.message.contains("400"))
  }

  @Test func policyForAnotherBucketGivesAccessDenied() throws {
    let error = try store.failure(
      of: store.object("with=equals.jpg"), as: store.credentials("otherBucketOnly"))
    #expect(error.type == "S3.AccessDenied")
    #expect(error.message.contains("s3://photos/with=equals.jpg"))
    #expect(error.message.contains("403"))
  }

  @Test func missingObjectGivesNoSuchKey() throws {
    let event = s3Event(bucket: "photos", encodedKeys: "not+there.jpg")
    let error = try store.failure(of: ["event": event], as: store.credentials("user"))
    #expect(error.type == "S3.NoSuchKey")
    #expect(error.message.contains("s3://photos/not there.jpg"))
  }
}
