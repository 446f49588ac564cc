import JSON
import S3

/// Decides how one document is written, so that the result of the newest event remains. Makes no calls.
///
/// S3 delivers events at least once and in any order, an invocation may end at any moment, and S3's answer to a write
/// may be lost. The first write succeeds only where there is no document; otherwise the stored one is read, and
/// replaced only while it is still the same. An event does not replace the result of a newer one (by its sequencer). A
/// request without a sequencer (console, HTTP, S3 Batch Operations) replaces any document, and keeps the sequencer in
/// it, so that older events remain older. A repeated delivery writes its document again.
/// See https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
struct ResultWrite {
  /// What to do next.
  enum Step: Equatable {
    case put(S3WriteCondition)
    /// Read the stored document.
    case read
    /// The document is stored.
    case stored
    /// The document of a newer event is stored.
    case superseded
  }

  /// Why a write was refused.
  enum Refusal {
    /// Another document was written in the meantime, or by an earlier attempt whose answer was lost.
    case conditionFailed
    /// The document to replace was removed in the meantime.
    case removed
    case conditionsUnsupported
  }

  /// How often other writers may intervene.
  private static let maximumRounds = 8

  /// What is to be written.
  private(set) var document: [UInt8]
  private let sequencer: String?
  private let documentKeeping: (_ sequencer: String?) -> [UInt8]
  private var rounds = 0

  /// - Parameters:
  ///   - sequencer: that of the event; nil for a request.
  ///   - document: makes the document, with the sequencer of a stored one if there is one to keep.
  init(sequencer: String?, document: @escaping (_ keptSequencer: String?) -> [UInt8]) {
    self.sequencer = Sequencer.wellFormed(sequencer)
    documentKeeping = document
    self.document = document(nil)
  }

  /// Nil when the write has failed.
  mutating func next(after refusal: Refusal) -> Step? {
    rounds += 1
    guard rounds <= Self.maximumRounds else { return nil }
    return switch refusal {
    case .conditionFailed: .read
    case .removed: .put(.ifAbsent)
    case .conditionsUnsupported: .put(.always)
    }
  }

  mutating func next(after stored: [UInt8], eTag: String?) -> Step {
    // By an attempt whose answer was lost: a second write would be a second version, and a second event.
    if stored == document { return .stored }
    if let kept = Self.sequencer(of: stored) {
      if let sequencer {
        if Sequencer.isOrdered(sequencer, before: kept) { return .superseded }
      } else {
        document = documentKeeping(kept)
        if stored == document { return .stored }
      }
    }
    return .put(eTag.map { .ifUnchanged(eTag: $0) } ?? .always)
  }

  private static func sequencer(of stored: [UInt8]) -> String? {
    guard let document = try? JSONValue(parsing: stored) else { return nil }
    return Sequencer.wellFormed(document["source"]?["sequencer"]?.stringValue)
  }
}
