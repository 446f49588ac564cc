import Platform

/// The new version did not pass, and the old one has all traffic again.
public struct RolledBack: ReportableError, Equatable, Sendable {
  /// What spoke against the new version.
  public let complaint: String
  /// What was done, and what is left.
  public let state: String

  /// `Operations.RolledBack`
  public var errorType: String { "Operations.RolledBack" }
  /// Both.
  public var message: String { "Rolled back: \(complaint). \(state)" }
}

/// A deployment ended between two states that are meant to last: Ctrl-C, or an error on the way.
public struct DeploymentStopped: ReportableError, Sendable {
  /// Why.
  public let cause: any Error
  /// In which state everything is, and how to go on.
  public let state: String

  /// `Operations.DeploymentStopped`
  public var errorType: String { "Operations.DeploymentStopped" }
  /// Both.
  public var message: String { "\(cause). \(state)" }
}
