import Foundation

/// What one run found; what `--json` writes and `--check` reads.
struct Results: Codable, Equatable {
  /// One measure of one contender.
  struct Value: Codable, Equatable {
    let measure: Measure
    let contender: String
    let spread: Spread
  }

  /// `2026-11-22`, in UTC.
  let date: String
  let machine: Machine
  let values: [Value]

  /// The median of a measure; nil when this contender was not measured.
  func median(_ measure: Measure, _ contender: String) -> Double? {
    spread(measure, contender)?.median
  }

  func spread(_ measure: Measure, _ contender: String) -> Spread? {
    values.first { $0.measure == measure && $0.contender == contender }?.spread
  }

  /// The function's smallest value in relation to another contender's: what both need when nothing disturbs them.
  func ratioOfMinima(_ measure: Measure, _ contender: String) -> Double? {
    guard let ours = spread(measure, Contender.function), let theirs = spread(measure, contender),
      theirs.minimum > 0
    else { return nil }
    return ours.minimum / theirs.minimum
  }

  /// The contenders in the order in which they came.
  var contenders: [String] {
    values.reduce(into: []) { names, value in
      if !names.contains(value.contender) { names.append(value.contender) }
    }
  }

  /// Every measure of the function in relation to every other contender's: below 1 the function needs less.
  var ratios: [Ratio] {
    Measure.allCases.flatMap { measure in
      contenders.compactMap { contender in
        guard contender != Contender.function, let ours = median(measure, Contender.function),
          let theirs = median(measure, contender), theirs > 0
        else { return nil }
        return Ratio(measure: measure, contender: contender, value: ours / theirs)
      }
    }
  }
}

/// What the function needs, as a share of what another contender needs.
struct Ratio: Equatable {
  let measure: Measure
  let contender: String
  let value: Double
}

extension Results {
  /// - Throws: `BenchmarkFailure` when the file is missing or holds something else.
  init(contentsOf path: String) throws(BenchmarkFailure) {
    do {
      self = try JSONDecoder().decode(
        Results.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw BenchmarkFailure("\(path) holds no results of benchmark --json: \(error)")
    }
  }

  func write(to path: String) throws(BenchmarkFailure) {
    do {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try (encoder.encode(self) + Data("\n".utf8)).write(to: URL(fileURLWithPath: path))
    } catch {
      throw BenchmarkFailure("\(path) cannot be written: \(error)")
    }
  }
}
