import Testing

/// GetObject against `rclone serve s3 --auth-key`: a canonical path that differs by a byte is
/// refused.
///
/// Limits of rclone: it ignores session tokens, does not support versions, and cannot store
/// `ObjectKeys.notOnFiles`.
@Suite(.enabled(if: Oracle.rclone.isExpected, Oracle.rclone.absence))
struct RcloneTests {
  private let store: ObjectStoreOracle

  init() throws { store = try ObjectStoreOracle(.rclone) }

  @Test(arguments: ObjectKeys.everywhere)
  func objectIsReadUnderItsKey(_ key: String) throws {
    try store.expectImage(of: store.object(key), as: "user")
  }

  @Test func issueNamesKeysThatAreAmongThese() {
    expect(ObjectKeys.everywhere, contain: [" ", "+", "%", "=", "ü", "🐕"])
  }

  @Test func wrongSecretGivesSignatureDoesNotMatch() throws {
    let key = "with space.jpg"
    let error = try store.failure(of: store.object(key), as: store.wrongSecret())
    #expect(error.type == "S3.SignatureDoesNotMatch")
    #expect(error.message.contains("GetObject s3://photos/\(key)"))
    #expect(error.message.contains("SignatureDoesNotMatch"))
    #expect(error.message.contains("403"))
  }

  @Test func missingObjectGivesNoSuchKey() throws {
    let event = s3Event(bucket: "photos", encodedKeys: "not+there.jpg")
    let error = try store.failure(of: ["event": event], as: store.credentials("user"))
    #expect(error.type == "S3.NoSuchKey")
    #expect(error.message.contains("s3://photos/not there.jpg"))
    #expect(error.message.contains("404"))
  }
}

/// A key list that is empty or incomplete must not make a test vacuous.
func expect(
  _ keys: [String], contain parts: [String], sourceLocation: SourceLocation = #_sourceLocation
) {
  for part in parts {
    #expect(keys.contains { $0.contains(part) }, "\(part)", sourceLocation: sourceLocation)
  }
}
