import JSON

/// A document of the function about one photograph: one of `results` of an answer, or a stored result.
package struct ClassifiedPhotograph: Sendable, Equatable {
  /// The bucket that it was read from; nil for one that was sent.
  package var bucket: String?
  package var key: String?
  /// All classes of the answer, the highest probability first; nil where the model returns none.
  package var ranking: [(name: String, probability: Double?)]
  package var s3Milliseconds: Double?
  package var endpointMilliseconds: Double?

  package init(
    bucket: String?, key: String?, ranking: [(name: String, probability: Double?)],
    s3Milliseconds: Double? = nil, endpointMilliseconds: Double? = nil
  ) {
    (self.bucket, self.key, self.ranking) = (bucket, key, ranking)
    (self.s3Milliseconds, self.endpointMilliseconds) = (s3Milliseconds, endpointMilliseconds)
  }

  /// Nil for a document without a class, such as that of an accepted asynchronous inference.
  package init?(_ document: JSONValue) {
    let listed = (document["probabilities"]?.arrayValue ?? []).compactMap { entry in
      entry["class"]?.stringValue.map { (name: $0, probability: entry["probability"]?.doubleValue) }
    }
    if !listed.isEmpty {
      ranking = listed
    } else if let name = document["class"]?.stringValue {
      ranking = [(name, document["probability"]?.doubleValue)]
    } else {
      return nil
    }
    bucket = document["source"]?["bucket"]?.stringValue
    key = document["source"]?["key"]?.stringValue
    s3Milliseconds = document["s3Milliseconds"]?.doubleValue
    endpointMilliseconds = document["endpointMilliseconds"]?.doubleValue
  }

  package static func == (left: Self, right: Self) -> Bool {
    left.bucket == right.bucket && left.key == right.key
      && left.ranking.elementsEqual(right.ranking) { $0 == $1 }
      && left.s3Milliseconds == right.s3Milliseconds
      && left.endpointMilliseconds == right.endpointMilliseconds
  }
}
