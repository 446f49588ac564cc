import Platform

/// Why there are no credentials: the configured source, what is wrong with it, what to do.
package struct CredentialError: ReportableError, Equatable, Sendable {
  /// The source, for example `profile "dev"`.
  package let source: String
  /// What is wrong; follows the source and a colon.
  package let problem: String
  /// What to do, one sentence; empty without advice.
  package let advice: String

  /// An error about one source. Never put a secret into it.
  package init(source: String, problem: String, advice: String = "") {
    self.source = source
    self.problem = problem
    self.advice = advice
  }

  package var errorType: String { "Credentials.Unavailable" }
  package var message: String { "\(source): \(problem)" + (advice.isEmpty ? "" : ". \(advice)") }
}
