import Platform

/// Why there are no credentials: which place was configured, what is wrong with it, what to do.
public struct CredentialError: ReportableError, Equatable, Sendable {
  /// Where they were looked for, as `profile "dev"`.
  public let source: String
  /// What is wrong, as the rest of a sentence that begins with the source.
  public let problem: String
  /// What to do, one sentence; empty when there is nothing to advise.
  public let advice: String

  /// An error about one source. Never put a secret into it.
  public init(source: String, problem: String, advice: String = "") {
    self.source = source
    self.problem = problem
    self.advice = advice
  }

  /// `Credentials.Unavailable`
  public var errorType: String { "Credentials.Unavailable" }
  /// Source, problem, advice.
  public var message: String { "\(source): \(problem)" + (advice.isEmpty ? "" : ". \(advice)") }
}
