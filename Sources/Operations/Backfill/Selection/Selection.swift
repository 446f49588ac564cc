import AWSControl
import Results

/// Lists a bucket and keeps what is a task, as a manifest. Read only.
///
/// In memory are the manifest (about 60 bytes an object, 1 GB at most) and, with `onlyMissing`, the keys of the results
/// (`KeySet`).
package struct Selection {
  package struct Outcome {
    /// Objects that were listed, older versions included.
    package var listed = 0
    package var leftOut = LeftOut()
    /// The tasks.
    package var manifest: Manifest
    /// Bytes of the tasks' objects.
    package var bytes = 0
    /// Some tasks, chosen evenly, for a trial.
    package var sample: [ManifestRow] = []
  }

  package var rules: SelectionRules
  package var prefix: String
  /// Whether the bucket has, or had, versions: then those are listed.
  package var hasVersions: Bool
  /// Leaves out objects with a result.
  package var onlyMissing: Bool
  package var sampleCount: Int
  /// At most this many tasks; nil takes all.
  package var maximumCount: Int?

  package init(
    rules: SelectionRules, prefix: String, hasVersions: Bool, onlyMissing: Bool, sampleCount: Int,
    maximumCount: Int? = nil
  ) {
    self.rules = rules
    self.prefix = prefix
    self.hasVersions = hasVersions
    self.onlyMissing = onlyMissing
    self.sampleCount = sampleCount
    self.maximumCount = maximumCount
  }

  /// - Parameter onProgress: gets the number of objects listed so far.
  /// - Throws: `AWSError`; `Refusal` for more results or tasks than fit in memory; `Interrupted`.
  package func run(
    with client: ControlClient, isInterrupted: () -> Bool,
    onProgress: (String) -> Void
  ) throws -> Outcome {
    let results = try onlyMissing ? keysOfResults(with: client, isInterrupted, onProgress) : nil
    var outcome = Outcome(manifest: Manifest(hasVersions: hasVersions))
    var sampler = Sampler(count: sampleCount)
    let location = S3Location(bucket: rules.bucket, key: prefix)
    let pages = ObjectPages(of: location, hasVersions ? .versions : .objects, with: client)
    while let page = try pages.next() {
      if isInterrupted() { throw Interrupted(activity: "the listing of \(location)") }
      for object in page.objects {
        outcome.listed += 1
        if let kind = reason(object, results) {
          outcome.leftOut.add(kind, key: object.key)
          continue
        }
        guard maximumCount.map({ outcome.manifest.count < $0 }) ?? true else { continue }
        let row = ManifestRow(
          bucket: rules.bucket, key: object.key,
          versionID: hasVersions ? object.versionID ?? "null" : nil)
        try outcome.manifest.append(row)
        outcome.bytes += object.size
        sampler.take(row)
      }
      onProgress("\(location): \(outcome.listed) objects listed")
    }
    outcome.sample = sampler.rows
    return outcome
  }

  private func reason(_ object: ListedObject, _ results: KeySet?) -> LeftOutKind? {
    if let kind = rules.reasonToLeaveOut(object) { return kind }
    guard let results, let location = rules.results else { return nil }
    let version = hasVersions ? object.versionID ?? "null" : nil
    // The result of an object from before the bucket had versions may be that of an event without one.
    let versions = version == "null" ? ["null", nil] : [version]
    let hasResult = versions.contains { version in
      let image = ImageReference(bucket: rules.bucket, key: object.key, versionID: version)
      return results.contains(ResultKeys(location).key(for: image).utf8)
    }
    return hasResult ? .hasResult : nil
  }

  /// Results sort unlike their images (`a` < `a!`, but `a!.json` < `a.json`), so the two lists cannot be merged.
  private func keysOfResults(
    with client: ControlClient, _ isInterrupted: () -> Bool, _ onProgress: (String) -> Void
  ) throws -> KeySet {
    guard let results = rules.results else {
      throw Refusal(
        "The function stores no results (RESULT_BUCKET is not set), so none can be missing",
        advice: "Leave out --only-missing")
    }
    var keys = KeySet()
    let images = S3Location(bucket: rules.bucket, key: prefix)
    for location in ResultKeys(results).locations(ofImagesBelow: images).prefix(hasVersions ? 2 : 1)
    {
      let pages = ObjectPages(of: location, with: client)
      while let page = try pages.next() {
        if isInterrupted() { throw Interrupted(activity: "the listing of \(location)") }
        for object in page.objects { keys.insert(object.key.utf8) }
        guard keys.count <= KeySet.maximumCount else {
          throw Refusal(
            "\(location) has more than \(KeySet.maximumCount) results, which do not fit in memory",
            advice: "Start one backfill for each of several prefixes")
        }
        onProgress("\(location): \(keys.count) results listed")
      }
    }
    return keys
  }
}
