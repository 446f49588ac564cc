import Platform

/// The new version did not pass, and the old one has all traffic again.
package struct RolledBack: ReportableError, Equatable, Sendable {
  /// What spoke against the new version.
  package let complaint: String
  /// What was done, and what is left.
  package let state: String

  /// `Operations.RolledBack`
  package var errorType: String { "Operations.RolledBack" }
  /// Both.
  package var message: String { "Rolled back: \(complaint). \(state)" }
}

/// A deployment ended between two states that are meant to last: Ctrl-C, or an error on the way.
package struct DeploymentStopped: ReportableError, Sendable {
  /// Why.
  package let cause: any Error
  /// In which state everything is, and how to go on.
  package let state: String

  /// `Operations.DeploymentStopped`
  package var errorType: String { "Operations.DeploymentStopped" }
  /// Both.
  package var message: String { "\(cause). \(state)" }
}
