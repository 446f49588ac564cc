import AWSControl

/// The old manifest without the tasks that succeeded: S3 cannot continue a job.
package enum Remainder {
  package struct Outcome: Sendable {
    package let manifest: Manifest
    package let succeeded: Int
    package let sample: [ManifestRow]
  }

  /// In memory are the manifest, and 16 to 48 bytes for each succeeded task.
  ///
  /// - Parameter report: nil for a job of which no task ran.
  /// - Throws: `AWSError`; `Refusal` for more than 20 million succeeded tasks, or a manifest above 1 GiB.
  package static func read(
    _ source: ManifestSource, hasVersions: Bool, report: CompletionReport?, sampleCount: Int
  ) throws -> Outcome {
    var succeeded = KeySet()
    try report?.read { row in
      guard let row, row.isSucceeded else { return }
      succeeded.insert(row.object.line.utf8)
      guard succeeded.count <= KeySet.maximumCount else {
        throw Refusal(
          "More than \(KeySet.maximumCount) tasks succeeded, which do not fit in memory",
          advice:
            "Start a backfill of the missing ones with `backfill start --only-missing`, by prefix")
      }
    }
    var manifest = Manifest(hasVersions: hasVersions)
    var sampler = Sampler(count: sampleCount)
    try source.read { row in
      if succeeded.contains(row.line.utf8) { return true }
      try manifest.append(row)
      sampler.take(row)
      return true
    }
    return Outcome(manifest: manifest, succeeded: succeeded.count, sample: sampler.rows)
  }
}
