import JSON
import LambdaEvents

/// One classified image: every class with its probability, highest first.
struct Classification {
  let source: ImageSource
  /// The ETag of the object that was read; nil for other sources.
  let eTag: String?
  let versionID: String?
  /// The production variant that served the request.
  let variant: String?
  /// The names of the classes, by index.
  let labels: [JSONString]
  let ranking: [Ranked]
  let measurements: Measurements

  /// Size and durations for one image.
  struct Measurements {
    var imageBytes = 0
    var s3Milliseconds: Int64 = 0
    var endpointMilliseconds: Int64 = 0
  }

  struct Ranked {
    let index: Int
    let probability: Double
  }

  /// The first class and its probability; nil without classes.
  var best: (label: String, probability: Double)? {
    ranking.first.map { (labels[$0.index].text, $0.probability) }
  }

  /// Sorts classes by probability; equal ones stay in the order of their index.
  static func rank(_ probabilities: [Double]) -> [Ranked] {
    probabilities.enumerated().map { Ranked(index: $0, probability: $1) }
      .sorted { ($0.probability, $1.index) > ($1.probability, $0.index) }
  }

  private static let className = JSONString("class")
  private static let probabilityName = JSONString("probability")

  /// Writes the image's source, its first class and its classes as members of an open object.
  ///
  /// - Parameter classLimit: how many classes at most.
  func writeMembers(to writer: inout JSONWriter, classLimit: Int) {
    writer.key("source")
    writeSource(to: &writer)
    let (className, probabilityName) = (Self.className, Self.probabilityName)
    func write(_ ranked: Ranked) {
      writer.key(className)
      writer.string(labels[ranked.index])
      writer.key(probabilityName)
      writer.double(ranked.probability)
    }
    if let first = ranking.first { write(first) }
    writer.key("probabilities")
    writer.beginArray()
    for ranked in ranking.prefix(classLimit) {
      writer.beginObject()
      write(ranked)
      writer.endObject()
    }
    writer.endArray()
  }

  private func writeSource(to writer: inout JSONWriter) {
    writer.beginObject()
    let members: [(String, String?)] =
      switch source {
      case .object(let object):
        [
          ("bucket", object.bucket), ("key", object.key),
          ("versionId", versionID ?? object.versionID), ("eTag", eTag ?? object.eTag),
          ("sequencer", object.sequencer),
        ]
      case .url(let url): [("url", url)]
      case .upload(_, let mediaType): [("contentType", mediaType)]
      }
    for (name, value) in members {
      guard let value else { continue }
      writer.key(name)
      writer.string(value)
    }
    writer.endObject()
  }
}
