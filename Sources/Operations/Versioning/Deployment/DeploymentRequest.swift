import AWSControl

extension Deployment {
  /// What happens to traffic on a version that is not proven when the deployment stops: at a signal,
  /// an error, or when CloudWatch stays silent.
  package enum OnStop: String, Sendable, CaseIterable {
    /// The old version has all traffic again.
    case rollback
    /// The traffic stays where it is, unwatched.
    case hold
  }

  package struct Request: Sendable {
    package var functionName: String
    package var alias: String
    package var package: DeploymentPackage
    package var traffic: TrafficPlan
    package var limits: HealthLimits
    package var watches: Bool
    /// How long the new version is monitored after full cutover.
    package var bake: Interval
    /// Whether provisioned concurrency may move from the alias to the versions, which makes weights
    /// possible.
    package var movesProvisioned: Bool
    /// Whether the old version keeps its provisioned concurrency.
    package var keepsOldProvisioned: Bool
    package var onStop: OnStop
    /// Whether a step that ends without a verdict counts as passed.
    package var allowsUnproven: Bool
    /// Whether code that failed before is deployed.
    package var force: Bool
    /// CloudWatch alarms that must not ring.
    package var alarms: [String]
    /// The event with which the new version is invoked before it gets traffic; nil for none.
    package var smokeEvent: SmokeEvent?

    package init(functionName: String, alias: String, package: DeploymentPackage) {
      self.functionName = functionName
      self.alias = alias
      self.package = package
      traffic = .allAtOnce
      limits = HealthLimits()
      watches = true
      bake = Interval(milliseconds: 0)
      movesProvisioned = false
      keepsOldProvisioned = false
      onStop = .rollback
      allowsUnproven = false
      force = false
      alarms = []
      smokeEvent = nil
    }
  }

  package struct Outcome: Sendable, Equatable {
    /// The version that has the traffic; in a dry run an estimated number.
    package let version: String
    /// The version before; nil for the first one.
    package let previous: String?
    /// Whether anything changed.
    package let isChanged: Bool
  }
}

/// What the parts of a deployment work with; nothing in it changes.
struct DeploymentContext {
  /// The function's name, also when its ARN was given.
  let functionName: String
  let request: Deployment.Request
  let client: ControlClient
  let waiter: Waiter
  let editor: AliasEditor
  /// Receives a line for each completed step.
  let report: (String) -> Void
  let warn: (String) -> Void

  var alias: String { request.alias }
  var provisioning: AliasProvisioning { AliasProvisioning(editor: editor, client: client) }
  /// The command that restores the alias's provisioned concurrency.
  func provisionCommand(_ count: Int) -> String {
    AliasProvisioning.command(count, functionName: request.functionName, alias: alias)
  }
  /// Unix seconds.
  var now: Int64 { waiter.clock.unixMilliseconds() / 1000 }
  /// For what must be done also after Ctrl-C: bounded, but not interruptible.
  var patientWaiter: Waiter {
    var waiter = waiter
    waiter.isInterrupted = { false }
    waiter.limitMilliseconds = 300_000
    return waiter
  }
}
