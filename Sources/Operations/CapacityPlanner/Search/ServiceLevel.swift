/// What users are promised: this share of all requests ends well within this time. Requests that are throttled,
/// fail or are lost count as slower than any limit.
package struct ServiceLevel: Sendable, Hashable {
  /// Share, above 0, at most 1: 0.99 for p99.
  package var percentile: Double
  /// The limit, from arrival to the end, retries included.
  package var latency: Duration

  /// A promise.
  package init(percentile: Double = 0.99, latency: Duration) {
    self.percentile = percentile
    self.latency = latency
  }
}
