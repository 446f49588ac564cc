import AWSControl

/// Which results are read.
package struct ResultFilter: Sendable, Equatable {
  /// Only of images whose key begins so; nil takes all.
  package var images: S3Location?
  /// Only with one of these best classes; empty takes all.
  package var classes: Set<String> = []
  /// Only with a best probability of at least this.
  package var minimumProbability: Double?
  /// Only with a best probability below this.
  package var below: Double?
  /// Only written at this time or later, in milliseconds since 1970.
  package var since: Int64?
  /// Only written before this time, in milliseconds since 1970.
  package var until: Int64?

  package init() {}

  /// By its time, before the document is read.
  package func mayTake(writtenUnixMilliseconds time: Int64) -> Bool {
    time >= since ?? .min && time < until ?? .max
  }

  package func takes(_ result: StoredResult) -> Bool {
    guard mayTake(writtenUnixMilliseconds: result.writtenUnixMilliseconds),
      takes(result.document.image)
    else { return false }
    let best = result.document.best
    if !classes.isEmpty, !classes.contains(best?.label ?? "") { return false }
    if let minimumProbability, !((best?.probability).map { $0 >= minimumProbability } ?? false) {
      return false
    }
    if let below, !((best?.probability).map { $0 < below } ?? false) { return false }
    return true
  }

  private func takes(_ image: ImageReference) -> Bool {
    guard let images else { return true }
    return image.bucket == images.bucket && image.key.utf8.starts(with: images.key.utf8)
  }
}
