/// Collects classified photographs, and makes an evaluation of them once all classes are known. Of each photograph it
/// keeps a few numbers, not the probabilities of all classes.
package struct ObservationCollector {
  private var table = ClassTable()
  private var observations: [Observation] = []
  package private(set) var failures: [Evaluation.Failure] = []
  package var skipped: [Evaluation.Failure] = []

  package init() {}

  package var count: Int { observations.count }

  /// - Parameters:
  ///   - photograph: with at least one class.
  ///   - index: of an older answer about the same photograph.
  /// - Returns: its index.
  @discardableResult
  package mutating func add(
    _ photograph: ClassifiedPhotograph, key: String, label: String?,
    functionMilliseconds: Double? = nil, replacing index: Int? = nil
  ) -> Int {
    let ranking = photograph.ranking
    let classes = ranking.map { table.index(of: $0.name) }
    let hasProbabilities = ranking.allSatisfy { $0.probability != nil }
    // A class that this answer does not list has no place in it, whatever later answers list.
    let truth = label.flatMap(table.match)
    let place = truth.flatMap { classes.firstIndex(of: $0) }
    let observation = Observation(
      key: key, label: label, truth: truth, predicted: classes[0],
      confidence: hasProbabilities ? ranking[0].probability : nil,
      truthProbability: hasProbabilities ? place.flatMap { ranking[$0].probability } : nil,
      truthRank: place.map { $0 + 1 }, listed: ranking.count,
      endpointMilliseconds: photograph.endpointMilliseconds,
      functionMilliseconds: functionMilliseconds)
    if let index {
      observations[index] = observation
      return index
    }
    observations.append(observation)
    return observations.count - 1
  }

  package mutating func addFailure(key: String, label: String?, reason: String) {
    failures.append(.init(key: key, label: label, reason: reason))
  }

  package func evaluation(of model: String) -> Evaluation {
    var matches: [String: Int?] = [:]
    let observations = observations.map { observation in
      guard let label = observation.label else { return observation }
      var observation = observation
      let match = matches[label] ?? table.match(label)
      matches[label] = .some(match)
      observation.truth = match
      return observation
    }
    return Evaluation(
      model: model, classes: table.names, observations: observations, failures: failures,
      skipped: skipped)
  }
}
