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
    let isFolder = text.utf8.last == UInt8(ascii: "/")
    // A key below it, without its last letter.
    guard let object = S3ObjectReference(location: text + (isFolder ? "x" : "/x")) else {
      throw ConfigurationError(
        variable: variable, problem: "is \(text); it must have the form s3://BUCKET/PREFIX")
    }
    self.init(bucket: object.bucket, prefix: String(object.key.dropLast()))
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
