import Platform

extension ImageTask.Processed {
  /// Nil for an image whose result comes later.
  var classification: Classification? {
    if case .classified(let classification) = self { classification } else { nil }
  }

  /// One line for `Log.write(lines:)`.
  func line(of log: Log) -> [UInt8] {
    switch self {
    case .classified(let classification): classification.line(of: log)
    case .accepted(let submission): submission.line(of: log)
    }
  }

  /// In words, for the report of a job.
  var summary: String {
    switch self {
    case .classified(let classification): classification.summary
    case .accepted(let submission): submission.summary
    }
  }
}
