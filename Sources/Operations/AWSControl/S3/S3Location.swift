/// `s3://BUCKET/KEY`, where the key may be a prefix or empty.
package struct S3Location: Sendable, Equatable, Hashable, CustomStringConvertible {
  /// The bucket, 3 to 63 characters.
  package let bucket: String
  /// The key or prefix, without a leading slash.
  package let key: String

  package init(bucket: String, key: String) {
    self.bucket = bucket
    self.key = key
  }

  /// Reads a URI.
  ///
  /// - Returns: nil for anything but `s3://BUCKET…`.
  package init?(_ uri: String) {
    guard uri.hasPrefix("s3://") else { return nil }
    let parts = uri.dropFirst(5).split(
      separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let bucket = parts.first, (3...63).contains(bucket.utf8.count),
      bucket.utf8.allSatisfy(Self.isBucketCharacter)
    else { return nil }
    self.bucket = String(bucket)
    key = parts.count > 1 ? String(parts[1]) : ""
  }

  package var description: String { "s3://\(bucket)/\(key)" }

  package func appending(_ name: String) -> S3Location {
    S3Location(
      bucket: bucket, key: key.isEmpty || key.hasSuffix("/") ? key + name : "\(key)/\(name)")
  }

  /// The same with a trailing slash, so that `photos` does not match `photos-old`.
  package var folder: S3Location {
    S3Location(bucket: bucket, key: key.isEmpty || key.hasSuffix("/") ? key : key + "/")
  }

  /// Whether it is this folder or in it.
  package func contains(_ other: S3Location) -> Bool {
    bucket == other.bucket && other.folder.key.hasPrefix(folder.key)
  }

  private static func isBucketCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}
