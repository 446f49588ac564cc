import AWSControl

/// Where a function gets its images from: each object below it invokes the function.
package struct UploadTrigger: Sendable, Equatable {
  package let functionName: String
  package let bucket: String
  /// Beginning of the keys; empty for all.
  package let prefix: String

  package init(functionName: String, bucket: String, prefix: String) {
    self.functionName = functionName
    self.bucket = bucket
    self.prefix = prefix
  }

  /// Reads the function's `IMAGE_BUCKET` and `IMAGE_PREFIX`.
  ///
  /// - Returns: nil when the function has none.
  package static func read(
    functionName: String, with client: ControlClient
  ) throws -> UploadTrigger? {
    let function = try client.read(GetFunctionConfiguration(functionName: functionName))
    return function.imageBucket.map {
      UploadTrigger(
        functionName: function.functionName, bucket: $0, prefix: function.imagePrefix ?? "")
    }
  }
}

extension AsynchronousConfiguration {
  /// Checks that answers, failures, and uploads cannot be taken for each other.
  ///
  /// - Parameter trigger: of the function; nil when unknown.
  /// - Throws: `Refusal` for a path that is not `s3://…` of at most 512 characters, and for prefixes
  ///   of one bucket of which one begins with the other.
  package func check(against trigger: UploadTrigger?) throws(Refusal) {
    let output = try Self.location(outputPath)
    let failures: S3Location?
    if let failurePath { failures = try Self.location(failurePath) } else { failures = nil }
    if let failures, Self.overlap(output, failures.bucket, failures.folder.key) {
      throw Refusal(
        "The answers in \(outputPath) and the failures in \(failures) overlap, so that one would be taken for the "
          + "other", advice: "Use separate prefixes, for example …/output and …/failures")
    }
    guard let trigger else { return }
    for location in [output, failures].compactMap({ $0 })
    where Self.overlap(location, trigger.bucket, trigger.prefix) {
      throw Refusal(
        "\(location) overlaps s3://\(trigger.bucket)/\(trigger.prefix), where \(trigger.functionName) gets its images "
          + "from: every answer would be submitted as an image, for ever",
        advice: "Use another bucket or a separate prefix")
    }
  }

  private static func location(_ path: String) throws(Refusal) -> S3Location {
    guard path.utf8.count <= 512, let location = S3Location(path) else {
      throw Refusal("\(path) must be s3://BUCKET/PREFIX of at most 512 characters")
    }
    return location
  }

  /// Objects are written below `location` as below a folder; the other prefix may end within a name.
  private static func overlap(_ location: S3Location, _ bucket: String, _ prefix: String) -> Bool {
    let folder = location.folder.key
    return location.bucket == bucket && (folder.hasPrefix(prefix) || prefix.hasPrefix(folder))
  }
}
