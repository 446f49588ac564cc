import LambdaEvents
import Platform

/// The objects of a bucket whose keys begin with the same text.
struct S3Prefix {
  let bucket: String
  /// Empty for the whole bucket.
  let prefix: String

  init(bucket: String, prefix: String) {
    self.bucket = bucket
    self.prefix = prefix
  }

  /// The location that triggers the function (`IMAGE_BUCKET`, `IMAGE_PREFIX`); nil where it is not known.
  init?(imagesOf environment: Environment) {
    guard let bucket = environment["IMAGE_BUCKET"] else { return nil }
    self.init(bucket: bucket, prefix: environment["IMAGE_PREFIX"] ?? "")
  }

  /// Everything below `s3://BUCKET/PREFIX`; nil without the variable.
  init?(variable: String, _ environment: Environment) throws(ConfigurationError) {
    guard let text = environment[variable] else { return nil }
    let parts = text.utf8.split(
      separator: UInt8(ascii: "/"), maxSplits: 3, omittingEmptySubsequences: false
    ).map { String(Substring($0)) }
    guard parts.count >= 3, parts[0] == "s3:", parts[1].isEmpty, !parts[2].isEmpty else {
      throw ConfigurationError(
        variable: variable, problem: "is \(text); it must have the form s3://BUCKET/PREFIX")
    }
    bucket = parts[2]
    let prefix = parts.count == 4 ? parts[3] : ""
    self.prefix = prefix.isEmpty || prefix.utf8.last == UInt8(ascii: "/") ? prefix : prefix + "/"
  }

  var url: String { "s3://\(bucket)/\(prefix)" }

  func contains(_ object: S3ObjectReference) -> Bool {
    object.bucket == bucket && object.key.utf8.starts(with: prefix.utf8)
  }

  /// Whether an object can be in both.
  func overlaps(_ other: S3Prefix) -> Bool {
    bucket == other.bucket
      && (prefix.utf8.starts(with: other.prefix.utf8)
        || other.prefix.utf8.starts(with: prefix.utf8))
  }
}
