/// Counts over any number of results, in memory that does not grow with them.
package struct ResultSummary: Sendable, Equatable {
  /// The results of one class.
  package struct ClassCount: Sendable, Equatable {
    package fileprivate(set) var count = 0
    fileprivate var probabilities = 0
    fileprivate var sum = 0.0

    /// The mean of the best probabilities; nil when no result has one.
    package var meanProbability: Double? {
      probabilities == 0 ? nil : sum / Double(probabilities)
    }
  }

  /// A result with a low probability.
  package struct Doubt: Sendable, Equatable {
    package let image: ImageReference
    package let label: String
    package let probability: Double
  }

  /// More names than that, which only a stranger's documents have, count together.
  package static let maximumNames = 100_000
  package static let otherNames = "(other)"
  /// How many of the least sure results are kept.
  package static let maximumDoubts = 12

  /// Ascending.
  package let thresholds: [Double]
  package private(set) var total = 0
  package private(set) var withoutClass = 0
  package private(set) var withoutProbability = 0
  /// By the most probable class.
  package private(set) var classes: [String: ClassCount] = [:]
  /// The number of results with a best probability below each threshold.
  package private(set) var below: [Int]
  /// 20 bins of the best probability: bin i is (i/20, (i+1)/20], the first with 0.
  package private(set) var histogram = Array(repeating: 0, count: 20)
  /// By the day of writing in UTC, as days since 1970.
  package private(set) var days: [Int64: Int] = [:]
  package private(set) var firstUnixMilliseconds: Int64?
  package private(set) var lastUnixMilliseconds: Int64?
  package private(set) var s3 = LatencyCounts()
  package private(set) var endpoint = LatencyCounts()
  /// By endpoint, and by variant where there is one: `dog-breeds/AllTraffic`.
  package private(set) var endpoints: [String: Int] = [:]
  /// The least sure results, the least sure first.
  package private(set) var doubts: [Doubt] = []

  package init(thresholds: [Double] = [0.6]) {
    self.thresholds = thresholds.sorted()
    below = Array(repeating: 0, count: thresholds.count)
  }

  package mutating func add(_ result: StoredResult) {
    total += 1
    let document = result.document
    add(document.best, document.image)
    add(time: result.writtenUnixMilliseconds)
    if let milliseconds = document.s3Milliseconds { s3.add(milliseconds) }
    if let milliseconds = document.endpointMilliseconds { endpoint.add(milliseconds) }
    let name = document.endpoint + (document.variant.map { "/\($0)" } ?? "")
    endpoints[Self.bounded(name, endpoints), default: 0] += 1
  }

  private mutating func add(_ best: ResultDocument.Ranked?, _ image: ImageReference) {
    guard let best else {
      withoutClass += 1
      return
    }
    let name = Self.bounded(best.label, classes)
    classes[name, default: ClassCount()].count += 1
    guard let probability = best.probability else {
      withoutProbability += 1
      return
    }
    classes[name]?.probabilities += 1
    classes[name]?.sum += probability
    for (index, threshold) in thresholds.enumerated() where probability < threshold {
      below[index] += 1
    }
    let bin = Int((min(max(probability, 0), 1) * 20).rounded(.up)) - 1
    histogram[max(0, bin)] += 1
    add(Doubt(image: image, label: best.label, probability: probability))
  }

  private mutating func add(_ doubt: Doubt) {
    if doubts.count == Self.maximumDoubts, doubt.probability >= doubts[doubts.count - 1].probability
    {
      return
    }
    let index = doubts.firstIndex { $0.probability > doubt.probability } ?? doubts.count
    doubts.insert(doubt, at: index)
    if doubts.count > Self.maximumDoubts { doubts.removeLast() }
  }

  private mutating func add(time: Int64) {
    // A listing always has a time; what was read without one belongs to no day.
    guard time > 0 else { return }
    days[time / 86_400_000, default: 0] += 1
    firstUnixMilliseconds = min(firstUnixMilliseconds ?? time, time)
    lastUnixMilliseconds = max(lastUnixMilliseconds ?? time, time)
  }

  private static func bounded<Value>(_ name: String, _ known: [String: Value]) -> String {
    known.count < maximumNames || known[name] != nil ? name : otherNames
  }

  /// The most frequent classes first; equally frequent ones by name.
  package var classesByCount: [(name: String, count: ClassCount)] {
    classes.map { (name: $0.key, count: $0.value) }
      .sorted { ($1.count.count, $0.name) < ($0.count.count, $1.name) }
  }
}
