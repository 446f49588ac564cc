import JSON

/// A document that the function wrote about one image.
package struct ResultDocument: Sendable, Equatable {
  /// A class and its value; the function writes the highest first.
  package struct Ranked: Sendable, Equatable {
    package let label: String
    /// Nil when the model returned only the class.
    package let probability: Double?

    package init(_ label: String, _ probability: Double?) {
      (self.label, self.probability) = (label, probability)
    }
  }

  package let endpoint: String
  /// The production variant that answered.
  package let variant: String?
  package let requestID: String?
  /// How long reading the image took.
  package let s3Milliseconds: Int?
  /// How long the endpoint took.
  package let endpointMilliseconds: Int?
  package let image: ImageReference
  package let eTag: String?
  package let sequencer: String?
  /// The most probable class; nil when the document has none.
  package let best: Ranked?
  /// Whether the model returned all of its classes.
  package let isComplete: Bool
  /// As many classes as were asked for.
  package let ranking: [Ranked]

  /// Reads a document.
  ///
  /// - Parameter ranking: how many classes to read besides the best one; most readers need none of 133.
  /// - Throws: `ResultProblem`.
  package init(parsing bytes: [UInt8], ranking: Int = .max) throws(ResultProblem) {
    let json: NumericJSON
    do throws(NumericJSON.Failure) {
      json = try NumericJSON(parsing: bytes, maximumValues: Self.maximumValues)
    } catch {
      throw switch error {
      case .notJSON(let error): ResultProblem("is not JSON: \(error)")
      case .tooManyValues: ResultProblem("has more than \(Self.maximumValues) values")
      }
    }
    try self.init(json.root, ranking: ranking)
  }

  init(_ root: JSONNode, ranking count: Int) throws(ResultProblem) {
    guard let source = root["source"], let bucket = source["bucket"]?.text,
      let key = source["key"]?.text
    else { throw ResultProblem("has no source with bucket and key") }
    guard let endpoint = root["endpoint"]?.text else { throw ResultProblem("has no endpoint") }
    self.endpoint = endpoint
    variant = root["variant"]?.text
    requestID = root["requestId"]?.text
    s3Milliseconds = Self.milliseconds(root["s3Milliseconds"])
    endpointMilliseconds = Self.milliseconds(root["endpointMilliseconds"])
    image = ImageReference(bucket: bucket, key: key, versionID: source["versionId"]?.text)
    eTag = source["eTag"]?.text
    sequencer = source["sequencer"]?.text
    best = Ranked(root)
    if case .bool(false)? = root["complete"]?.value {
      isComplete = false
    } else {
      isComplete = true
    }
    let list = root["probabilities"]
    ranking = (0..<min(count, list?.elementCount ?? 0)).compactMap {
      list?.element($0).flatMap(Ranked.init)
    }
  }

  /// Nil for anything but a time from zero to a day.
  private static func milliseconds(_ node: JSONNode?) -> Int? {
    guard let number = node?.number, (0...86_400_000).contains(number) else { return nil }
    return Int(number)
  }

  /// Three for each of the 50,000 classes of `MAX_CLASSES`, and the rest.
  private static let maximumValues = 200_000
}

extension ResultDocument.Ranked {
  fileprivate init?(_ node: JSONNode) {
    guard let label = node["class"]?.text else { return nil }
    // Swift 6.3's optimizer does not survive a closure over the number here.
    if let number = node["probability"]?.number, number.isFinite {
      self.init(label, number)
    } else {
      self.init(label, nil)
    }
  }
}

/// Why a document cannot be read; follows its name.
package struct ResultProblem: Error, Equatable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

/// A document with what the listing says about it.
package struct StoredResult: Sendable, Equatable {
  /// Its key in the bucket of the results.
  package let key: String
  /// When it was written, in milliseconds since 1970.
  package let writtenUnixMilliseconds: Int64
  package let document: ResultDocument

  package init(key: String, writtenUnixMilliseconds: Int64, document: ResultDocument) {
    self.key = key
    self.writtenUnixMilliseconds = writtenUnixMilliseconds
    self.document = document
  }
}
