import LambdaEvents
import Platform

/// The location of stored results (`RESULT_BUCKET`, `RESULT_PREFIX`).
struct ResultLocation {
  /// Its prefix is empty, or ends with a slash.
  let place: S3Prefix
  let kmsKeyID: String?
  var bucket: String { place.bucket }

  /// - Throws: `ConfigurationError` when results would invoke the function again: the bucket is
  ///   that of the images (`IMAGE_BUCKET`), and one prefix begins with the other.
  init?(environment: Environment) throws(ConfigurationError) {
    guard let bucket = environment["RESULT_BUCKET"] else { return nil }
    let name = (environment["RESULT_PREFIX"] ?? "").trimmingSlashes
    place = S3Prefix(bucket: bucket, prefix: name.isEmpty ? "" : name + "/")
    kmsKeyID = environment["RESULT_KMS_KEY_ID"]
    if let images = S3Prefix(imagesOf: environment), place.overlaps(images) {
      throw ConfigurationError(
        variable: "RESULT_BUCKET",
        problem:
          "is also the bucket of the images, and the prefixes \"\(place.prefix)\" of the results and "
          + "\"\(images.prefix)\" of the images overlap, so that every result would invoke the function again. Use "
          + "another bucket or separate prefixes")
    }
  }

  /// `PREFIX/BUCKET/KEY.json`, or `PREFIX/BUCKET@versions/KEY/VERSION.json` for a version: no two objects share a
  /// document, because a bucket's name cannot contain an at sign, nor a version a slash.
  func key(for object: S3ObjectReference) -> String {
    guard let version = object.versionID else {
      return "\(place.prefix)\(object.bucket)/\(object.key).json"
    }
    return "\(place.prefix)\(object.bucket)@versions/\(object.key)/\(version).json"
  }

  /// Why the result of an object cannot be stored, or nil. S3 limits keys to 1,024 bytes, and the
  /// key of a result is longer than that of its image.
  /// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
  func problem(with object: S3ObjectReference) -> String? {
    let length = key(for: object).utf8.count
    guard length > Self.maximumKeyBytes else { return nil }
    return "the key of its result in \(bucket) would be \(length) bytes long; S3 accepts at most "
      + "\(Self.maximumKeyBytes). Shorten the object's key or RESULT_PREFIX"
  }

  private static let maximumKeyBytes = 1_024

  /// Whether an object looks like a stored result.
  func holdsResult(_ object: S3ObjectReference) -> Bool {
    place.contains(object) && object.key.hasSuffix(".json")
  }
}

extension String {
  fileprivate var trimmingSlashes: String {
    String(drop { $0 == "/" }.reversed().drop { $0 == "/" }.reversed())
  }
}
