import AWSControl
import Evaluation
import Foundation
import Results

/// Evaluates the documents that the function stored, or those of an export.
struct KeptResults {
  /// `s3://BUCKET/PREFIX`, or the folder of an export.
  let place: String
  let truth: TruthOptions
  let session: Session

  /// Of an image with several documents the newest is judged.
  ///
  /// - Throws: `Refusal` when there are no results; `AWSError`; `Interrupted`.
  func evaluate() throws -> Evaluated {
    let rule = try truth.rule()
    let source = try source()
    session.follow(source)
    var collector = ObservationCollector()
    // By bytes, as in S3: two keys that Unicode considers equal are two photographs.
    var documents: [ImageReference: Document] = [:]
    var bucket: String?
    try source.forEach(ranking: .max) { result, _ in
      let image = Self.image(of: result)
      bucket = bucket ?? image.bucket
      // Two buckets may have the same key.
      let key = image.bucket == bucket ? image.key : image.description
      let label = rule.label(of: image.key) ?? rule.label(of: image.description)
      guard let photograph = ClassifiedPhotograph(result.document) else {
        collector.addFailure(key: key, label: label, reason: "the document has no class")
        return true
      }
      let earlier = documents[image]
      if let earlier, earlier.written >= result.writtenUnixMilliseconds { return true }
      let index = collector.add(
        photograph, key: key, label: label, functionMilliseconds: Self.duration(result.document),
        replacing: earlier?.index)
      documents[image] = Document(
        key: key, index: index, written: result.writtenUnixMilliseconds,
        image: result.document.image)
      return true
    }
    session.noteTrouble(of: source)
    guard collector.count > 0 else {
      throw Refusal(
        "\(place) has no results", advice: "Check the prefix: RESULT_PREFIX is part of it")
    }
    return Evaluated(evaluation: collector.evaluation(of: "results of \(place)")) { keys in
      let images = Dictionary(
        documents.values.map { ($0.key, $0.image) }, uniquingKeysWith: { first, _ in first })
      return try StoredPhotographs(session: session).thumbnails(
        of: keys.compactMap { key in images[key].map { (key, $0) } })
    }
  }

  private struct Document {
    let key: String
    let index: Int
    let written: Int64
    let image: ImageReference
  }

  private func source() throws -> any ResultSource {
    guard place.hasPrefix("s3://") else {
      return try ExportedResults(folder: place, ResultFilter()) { [session] in
        session.isInterrupted
      }
    }
    guard let location = S3Location(place) else {
      throw Refusal("--results must be s3://BUCKET/PREFIX or the folder of an export, not \(place)")
    }
    return BucketResults(ResultKeys(location), ResultFilter(), with: try session.client())
  }

  /// Versions of an image are one photograph here.
  private static func image(of result: StoredResult) -> ImageReference {
    ImageReference(bucket: result.document.image.bucket, key: result.document.image.key)
  }

  /// The function's own part is about a millisecond.
  private static func duration(_ document: ResultDocument) -> Double? {
    guard let s3 = document.s3Milliseconds, let endpoint = document.endpointMilliseconds
    else { return nil }
    return Double(s3 + endpoint)
  }
}

extension ClassifiedPhotograph {
  /// Nil without a class.
  init?(_ document: ResultDocument) {
    var ranking = document.ranking.map { ($0.label, $0.probability) }
    if ranking.isEmpty, let best = document.best { ranking = [(best.label, best.probability)] }
    guard !ranking.isEmpty else { return nil }
    self.init(
      bucket: document.image.bucket, key: document.image.key,
      ranking: ranking.map { (name: $0.0, probability: $0.1) },
      s3Milliseconds: document.s3Milliseconds.map(Double.init),
      endpointMilliseconds: document.endpointMilliseconds.map(Double.init))
  }
}
