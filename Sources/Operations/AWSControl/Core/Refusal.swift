import Platform

/// Something that this program does not do although it was asked to: exit status 1.
package struct Refusal: ReportableError, Equatable, Sendable {
  /// Why, one sentence without its full stop.
  package let reason: String
  /// What to do instead; empty when there is nothing to advise.
  package let advice: String

  /// A refusal.
  package init(_ reason: String, advice: String = "") {
    self.reason = reason
    self.advice = advice
  }

  /// `Operations.Refused`
  package var errorType: String { "Operations.Refused" }
  /// Reason and advice.
  package var message: String { reason + (advice.isEmpty ? "" : ". \(advice)") }
}
