/// Day, region, and service: the scope of a signing key.
package struct CredentialScope: Equatable {
  package static let algorithm = "AWS4-HMAC-SHA256"
  package static let terminator = "aws4_request"

  let dateStamp: String
  let region: String
  let service: String

  init(time: SigningTime, region: String, service: String) {
    self.init(dateStamp: time.dateStamp, region: region, service: service)
  }

  init(dateStamp: String, region: String, service: String) {
    self.dateStamp = dateStamp
    self.region = region
    self.service = service
  }

  /// Appends `20150830/us-east-1/s3/aws4_request`.
  func append(to output: inout [UInt8]) {
    output.append(contentsOf: dateStamp.utf8)
    output.append(ASCII.slash)
    output.append(contentsOf: region.utf8)
    output.append(ASCII.slash)
    output.append(contentsOf: service.utf8)
    output.append(ASCII.slash)
    output.append(contentsOf: Self.terminator.utf8)
  }

  /// Derives the signing key (32 bytes) from the secret by a chain of four keyed hashes.
  func signingKey(secretAccessKey: String, using hasher: SHA256.Context) -> [UInt8] {
    [dateStamp, region, service, Self.terminator].reduce(Array("AWS4\(secretAccessKey)".utf8)) {
      HMACKey($0, using: hasher).authenticate(Array($1.utf8), using: hasher)
    }
  }
}

/// A cache of signing keys, because deriving one costs as much as several signatures.
///
/// Entries match by secret as well as by access key, so that a replaced secret is no longer used.
struct SigningKeyCache {
  /// Enough for several regions and services on both sides of midnight. The oldest entry is
  /// evicted.
  private static let maximumEntries = 16

  private struct Entry {
    let accessKeyID: String
    let secretAccessKey: String
    let scope: CredentialScope
    let key: HMACKey
  }

  private var entries: [Entry] = []

  mutating func key(
    for credentials: AWSCredentials, scope: CredentialScope, using hasher: SHA256.Context
  ) -> HMACKey {
    for entry in entries
    where entry.scope == scope && entry.accessKeyID == credentials.accessKeyID
      && entry.secretAccessKey == credentials.secretAccessKey
    {
      return entry.key
    }
    let bytes = scope.signingKey(
      secretAccessKey: credentials.secretAccessKey, using: hasher)
    let key = HMACKey(bytes, using: hasher)
    if entries.count == Self.maximumEntries { entries.removeFirst() }
    entries.append(
      Entry(
        accessKeyID: credentials.accessKeyID, secretAccessKey: credentials.secretAccessKey,
        scope: scope, key: key))
    return key
  }
}
