import JSON
import LambdaEvents

/// One classified image: its classes with their probabilities, highest first.
struct Classification {
  private(set) var source: ImageSource
  /// The ETag of the object that was read; nil for other sources.
  let eTag: String?
  let versionID: String?
  /// The production variant that served the request.
  let variant: String?
  /// Empty when only the class is known.
  private(set) var ranking: [IndexedNumber]
  private let names: JSONStrings
  /// The first class of all; without a probability when the model names only a class.
  let best: (label: String, probability: Double?)
  /// Whether the model gave every class; a list of the best ones leaves some out.
  let isComplete: Bool
  /// Nil for the result of an asynchronous inference: its calls were those of another invocation.
  let measurements: Measurements?
  /// Whether the object was overwritten while its asynchronous inference waited, so that the endpoint may have read
  /// the newer one.
  var isOverwritten = false
  /// The key of the document that has this result; nil where none was stored.
  var resultKey: String?

  /// - Parameter limit: how many classes are kept.
  /// - Throws: `ReplyError` when the names do not fit the classes.
  init(
    _ interpretation: Interpretation, of reply: EndpointReply, labels: ClassLabels, limit: Int,
    source: ImageSource, eTag: String?, versionID: String?, variant: String?,
    measurements: Measurements?
  ) throws(ReplyError) {
    let names = try labels.names(for: reply, interpretation)
    let highest = Ranking.highest(interpretation.probabilities, limit: limit)
    (self.names, ranking) = names.table(for: highest)
    best =
      highest.first.map { (names[$0.index], $0.number) }
      ?? (names[interpretation.classIndex ?? 0], nil)
    isComplete = interpretation.isComplete
    self.source = source
    self.eTag = eTag
    self.versionID = versionID
    self.variant = variant
    self.measurements = measurements
  }

  /// The first class and its probability in words.
  var summary: String {
    best.label + (best.probability.map { " \($0)" } ?? "")
  }

  /// Takes over the order of the document that this one replaces.
  mutating func keep(sequencer: String) {
    guard case .object(var object) = source else { return }
    object.sequencer = sequencer
    source = .object(object)
  }

  /// Forgets all but the first classes.
  mutating func keepFirst(_ count: Int) {
    if ranking.count > count { ranking = Array(ranking.prefix(count)) }
  }

  /// Size and durations for one image.
  struct Measurements {
    var imageBytes = 0
    var s3Milliseconds: Int64 = 0
    var endpointMilliseconds: Int64 = 0
  }

  private static let className = JSONString("class")
  private static let probabilityName = JSONString("probability")

  /// Writes the image's source, its first class and its classes as members of an open object.
  ///
  /// - Parameter limitBytes: a document that is larger is not written to its end.
  func writeMembers(to writer: inout JSONWriter, limitBytes: Int = .max) {
    writer.key("source")
    source.write(to: &writer, versionID: versionID, eTag: eTag, isOverwritten: isOverwritten)
    let (className, probabilityName) = (Self.className, Self.probabilityName)
    writer.key(className)
    writer.string(best.label)
    if let probability = best.probability {
      writer.key(probabilityName)
      writer.double(probability)
    }
    if !isComplete {
      writer.key("complete")
      writer.bool(false)
    }
    writer.key("probabilities")
    writer.array(
      of: ranking, names, nameKey: className, numberKey: probabilityName, limitBytes: limitBytes)
  }
}
