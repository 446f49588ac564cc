import Platform

/// Why there are no credentials: which place was configured, what is wrong with it, what to do.
package struct CredentialError: ReportableError, Equatable, Sendable {
  /// Where they were looked for, as `profile "dev"`.
  package let source: String
  /// What is wrong, as the rest of a sentence that begins with the source.
  package let problem: String
  /// What to do, one sentence; empty when there is nothing to advise.
  package let advice: String

  /// An error about one source. Never put a secret into it.
  package init(source: String, problem: String, advice: String = "") {
    self.source = source
    self.problem = problem
    self.advice = advice
  }

  /// `Credentials.Unavailable`
  package var errorType: String { "Credentials.Unavailable" }
  /// Source, problem, advice.
  package var message: String { "\(source): \(problem)" + (advice.isEmpty ? "" : ". \(advice)") }
}
