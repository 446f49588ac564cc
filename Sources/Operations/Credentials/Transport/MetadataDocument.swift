import JSON
import SigV4

/// The JSON of the metadata services: `AccessKeyId`, `SecretAccessKey`, `Token`,
/// `Expiration`.
enum MetadataDocument {
  /// - Throws: the name of the missing member; never a value.
  static func credentials(
    _ bytes: [UInt8], place: CredentialPlace, origin: String
  ) throws(CredentialError) -> ResolvedCredentials {
    guard let document = try? JSONValue(parsing: bytes) else {
      throw CredentialError(source: origin, problem: "the response is not JSON")
    }
    if document["AccessKeyId"] == nil, let message = document["Message"]?.stringValue {
      throw CredentialError(source: origin, problem: message)
    }
    return ResolvedCredentials(
      credentials: AWSCredentials(
        accessKeyID: try member("AccessKeyId", document, origin),
        secretAccessKey: try member("SecretAccessKey", document, origin),
        sessionToken: try member("Token", document, origin)),
      expirationUnixMilliseconds: try ExpirationTime.unixMilliseconds(
        try member("Expiration", document, origin), source: origin),
      place: place, origin: origin)
  }

  static func member(
    _ name: String, _ document: JSONValue, _ origin: String
  ) throws(CredentialError) -> String {
    guard let value = document[name]?.stringValue, !value.isEmpty else {
      throw CredentialError(source: origin, problem: "the response has no \(name)")
    }
    return value
  }
}

/// The JSON that a `credential_process` prints: `Version` 1, `AccessKeyId`, `SecretAccessKey`, and,
/// for keys that expire, `SessionToken` and `Expiration`.
enum ProcessOutput {
  /// - Throws: the name of the missing member; never a value.
  static func credentials(
    _ bytes: [UInt8], place: CredentialPlace, origin: String
  ) throws(CredentialError) -> ResolvedCredentials {
    guard let document = try? JSONValue(parsing: bytes) else {
      throw CredentialError(source: origin, problem: "its output is not JSON")
    }
    guard document["Version"]?.int64Value == 1 else {
      throw CredentialError(source: origin, problem: "its output has no \"Version\": 1")
    }
    return ResolvedCredentials(
      credentials: AWSCredentials(
        accessKeyID: try MetadataDocument.member("AccessKeyId", document, origin),
        secretAccessKey: try MetadataDocument.member("SecretAccessKey", document, origin),
        sessionToken: document["SessionToken"]?.stringValue),
      expirationUnixMilliseconds: try ExpirationTime.unixMilliseconds(
        document["Expiration"]?.stringValue, source: origin),
      place: place, origin: origin)
  }
}
