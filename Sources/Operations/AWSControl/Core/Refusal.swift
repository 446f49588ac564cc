import Platform

/// A request that was refused, with exit status 1.
package struct Refusal: ReportableError, Equatable, Sendable {
  /// Why, one sentence without a final period.
  package let reason: String
  /// What to do instead; empty without advice.
  package let advice: String

  package init(_ reason: String, advice: String = "") {
    self.reason = reason
    self.advice = advice
  }

  package var errorType: String { "Operations.Refused" }
  package var message: String { reason + (advice.isEmpty ? "" : ". \(advice)") }
}
