/// What users are promised: this share of all requests ends well within this time, and no more are refused than
/// `availability` allows. Requests that are throttled, fail or are lost count as slower than any limit.
package struct ServiceLevel: Sendable, Hashable {
  /// Share, above 0, at most 1: 0.99 for p99.
  package var percentile: Double
  /// The limit, from arrival to the end, retries included.
  package var latency: Duration
  /// The share of requests that must not be refused, 0 … 1; nil for as few refused as the best setting within reach.
  package var availability: Double?

  package init(percentile: Double = 0.99, latency: Duration, availability: Double? = nil) {
    self.percentile = percentile
    self.latency = latency
    self.availability = availability
  }

  /// The most requests that may be refused.
  ///
  /// - Parameter least: refused with the best setting within reach. Its own chance variation is allowed for.
  func allowedRefused(of arrivals: Int, least: Int) -> Int {
    if let availability { return Int((1 - availability) * Double(arrivals) + 1e-9) }
    return least + Int(2 * Double(least).squareRoot())
  }
}
