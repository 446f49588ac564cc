/// The middle of several measurements of the same thing, and how far they lie apart.
struct Spread: Codable, Equatable {
  let median: Double
  let minimum: Double
  let maximum: Double

  /// - Parameter values: at least one.
  init(_ values: [Double]) {
    let sorted = values.sorted()
    minimum = sorted.first ?? .nan
    maximum = sorted.last ?? .nan
    let middle = sorted.count / 2
    median =
      sorted.isEmpty
      ? .nan : sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
