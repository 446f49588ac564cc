import Platform

/// Something that this program does not do although it was asked to: exit status 1.
package struct Refusal: ReportableError, Equatable, Sendable {
  /// Why, one sentence without its full stop.
  package let reason: String
  /// What to do instead; empty when there is nothing to advise.
  package let advice: String

  package init(_ reason: String, advice: String = "") {
    self.reason = reason
    self.advice = advice
  }

  package var errorType: String { "Operations.Refused" }
  package var message: String { reason + (advice.isEmpty ? "" : ". \(advice)") }
}
