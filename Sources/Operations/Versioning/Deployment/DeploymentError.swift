import Platform

/// The new version failed its limits, and the old one has all traffic again.
package struct RolledBack: ReportableError, Equatable, Sendable {
  /// Which limit the new version exceeded.
  package let complaint: String
  /// What was done, and what is left.
  package let state: String

  package var errorType: String { "Operations.RolledBack" }
  package var message: String { "Rolled back: \(complaint). \(state)" }
}

/// A deployment stopped in an intermediate state, by Ctrl-C or an error.
package struct DeploymentStopped: ReportableError, Sendable {
  package let cause: any Error
  /// The state of version and alias, and how to resume.
  package let state: String

  package var errorType: String { "Operations.DeploymentStopped" }
  package var message: String { "\(cause). \(state)" }
}
