import Platform

/// Something that this program does not do although it was asked to: exit status 1.
public struct Refusal: ReportableError, Equatable, Sendable {
  /// Why, one sentence without its full stop.
  public let reason: String
  /// What to do instead; empty when there is nothing to advise.
  public let advice: String

  /// A refusal.
  public init(_ reason: String, advice: String = "") {
    self.reason = reason
    self.advice = advice
  }

  /// `Operations.Refused`
  public var errorType: String { "Operations.Refused" }
  /// Reason and advice.
  public var message: String { reason + (advice.isEmpty ? "" : ". \(advice)") }
}
