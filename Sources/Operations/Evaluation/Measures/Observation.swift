/// What the model answered about one photograph, and what is on it.
package struct Observation: Sendable, Equatable {
  /// The path below the evaluated folder, or the key of the object.
  package var key: String
  /// As given, for example the name of a folder; nil where there is none.
  package var label: String?
  /// An index of the classes; nil without a label, and for a label that no class matches.
  package var truth: Int?
  /// The class that the model ranks first, an index of the classes.
  package var predicted: Int
  /// Of the class ranked first, 0 to 1; nil for a model that returns no probabilities.
  package var confidence: Double?
  /// Of the class of the label; nil where the answer does not list it.
  package var truthProbability: Double?
  /// The place of the label's class, 1 for the first; nil where the answer does not list it.
  package var truthRank: Int?
  /// How many classes the answer lists.
  package var listed: Int
  /// The call of the endpoint.
  package var endpointMilliseconds: Double?
  /// The whole invocation of the function.
  package var functionMilliseconds: Double?

  package init(
    key: String, label: String? = nil, truth: Int? = nil, predicted: Int, confidence: Double?,
    truthProbability: Double? = nil, truthRank: Int? = nil, listed: Int,
    endpointMilliseconds: Double? = nil, functionMilliseconds: Double? = nil
  ) {
    (self.key, self.label, self.truth, self.predicted) = (key, label, truth, predicted)
    (self.confidence, self.truthProbability, self.truthRank) =
      (confidence, truthProbability, truthRank)
    self.listed = listed
    (self.endpointMilliseconds, self.functionMilliseconds) =
      (endpointMilliseconds, functionMilliseconds)
  }

  /// Nil where it is not known what is on the photograph.
  package var isRight: Bool? { truth.map { $0 == predicted } }
}
