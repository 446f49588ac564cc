import JSON
import LambdaEvents

/// One classified image: every class with its probability, highest first.
struct Classification {
  let source: ImageSource
  /// Of the object as it was read; nil where there is none.
  let eTag: String?
  let versionID: String?
  /// The production variant that answered.
  let variant: String?
  let ranking: [(label: String, probability: Double)]
  let measurements: Measurements

  /// What the way of one image took.
  struct Measurements {
    var imageBytes = 0
    var s3Milliseconds: Int64 = 0
    var endpointMilliseconds: Int64 = 0
  }

  /// Sorts classes by probability; equal ones stay in the order of their index.
  static func rank(
    labels: [String], probabilities: [Double]
  ) -> [(label: String, probability: Double)] {
    probabilities.indices
      .sorted { (probabilities[$0], $1) > (probabilities[$1], $0) }
      .map { (labels[$0], probabilities[$0]) }
  }

  /// Writes the image's source, its first class and its classes as members of an open object.
  ///
  /// - Parameter classLimit: how many classes at most.
  func writeMembers(to writer: inout JSONWriter, classLimit: Int) {
    writer.key("source")
    writeSource(to: &writer)
    if let best = ranking.first {
      writer.key("class")
      writer.string(best.label)
      writer.key("probability")
      writer.double(best.probability)
    }
    writer.key("probabilities")
    writer.beginArray()
    for (label, probability) in ranking.prefix(classLimit) {
      writer.beginObject()
      writer.key("class")
      writer.string(label)
      writer.key("probability")
      writer.double(probability)
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
