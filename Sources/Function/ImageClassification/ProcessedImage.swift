import Platform

/// An image without an error.
///
/// A class, because it is passed on in many results, and copying its strings takes code.
final class ProcessedImage {
  /// Nil for an image whose result comes later.
  let classification: Classification?
  /// Nil for an image that is classified.
  let submission: Submission?

  init(classification: Classification) {
    self.classification = classification
    submission = nil
  }

  init(submission: Submission) {
    self.submission = submission
    classification = nil
  }

  /// One line for `Log.write(lines:)`.
  func line(of log: Log) -> [UInt8] {
    classification?.line(of: log) ?? submission?.line(of: log) ?? []
  }

  /// In words, for the report of a job.
  var summary: String { classification?.summary ?? submission?.summary ?? "" }
}
