import Platform

/// The new version failed its limits, and the old one has all traffic again.
package struct RolledBack: ReportableError, Equatable, Sendable {
  /// Which limit the new version exceeded, or why the deployment stopped.
  package let complaint: String
  /// What was done, and what is left.
  package let state: String

  package var errorType: String { "Operations.RolledBack" }
  package var message: String { "Rolled back: \(complaint). \(state)" }
}

/// The new version failed, and its traffic could not be taken away.
package struct RollbackFailed: ReportableError, Sendable {
  /// Why the traffic had to be taken away.
  package let complaint: String
  package let cause: any Error
  /// Where the traffic is, and what to do.
  package let state: String

  package var errorType: String { "Operations.RollbackFailed" }
  package var message: String {
    "\(complaint). It could not be rolled back: \(cause). \(state)"
  }
}

/// Someone else moved the traffic during a deployment, which left it there.
package struct TrafficTakenOver: ReportableError, Equatable, Sendable {
  /// Where the traffic is, and what is known of the versions.
  package let state: String

  package var errorType: String { "Operations.TrafficTakenOver" }
  package var message: String { state }
}

/// A step ended before there was enough traffic for a verdict.
package struct Unproven: ReportableError, Equatable, Sendable {
  /// The sample so far and the one that is needed, and where the traffic is.
  package let state: String

  package var errorType: String { "Operations.Unproven" }
  package var message: String { state }
}

/// A deployment stopped in an intermediate state, by Ctrl-C or an error.
package struct DeploymentStopped: ReportableError, Sendable {
  package let cause: any Error
  /// The state of version and alias as read from AWS, and how to go on.
  package let state: String

  package var errorType: String { "Operations.DeploymentStopped" }
  package var message: String { "\(cause). \(state)" }
}
