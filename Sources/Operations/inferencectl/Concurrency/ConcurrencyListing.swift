import AWSControl
import Concurrency
import Prices

/// A function's concurrency as text and as JSON.
enum ConcurrencyListing {
  static func text(_ report: ConcurrencyReport) -> String {
    var lines = [
      "Account    \(report.accountLimit) concurrent executions, \(report.unreserved) unreserved, "
        + "at most \(report.reservable) can be reserved for \(report.functionName)",
      "Reserved   \(report.reserved.map(String.init) ?? "none")",
      "Last hour  \(use(report))",
    ]
    guard !report.qualifiers.isEmpty else {
      return (lines + ["Provisioned none"]).joined(separator: "\n")
    }
    var table = Table(
      "qualifier", "version", "provisioned", "status", "utilization", "spillover", "autoscaling",
      "$/month")
    for qualifier in report.qualifiers {
      table.add(
        qualifier.name, qualifier.version,
        qualifier.provisioned.map { "\($0.available)/\($0.requested)" } ?? "0",
        qualifier.provisioned?.status ?? "", qualifier.peakUtilization.map(Text.percent) ?? "",
        qualifier.spilloverInvocations.map { String(Int($0)) } ?? "",
        qualifier.scaling.map(scaling) ?? "",
        ProvisionedPrices.text(qualifier.costPerMonth))
    }
    lines += ["", table.text, ""]
    for qualifier in report.qualifiers {
      for action in qualifier.scaling?.schedules ?? [] {
        lines.append("\(qualifier.name): \(action.text)")
      }
    }
    lines.append(
      "Fixed monthly cost of provisioned concurrency: \(ProvisionedPrices.text(report.costPerMonth)) (prices: "
        + "\(report.prices.origin))")
    return lines.joined(separator: "\n")
  }

  static func json(_ report: ConcurrencyReport) -> OperationInput {
    [
      "functionName": report.functionName, "accountLimit": report.accountLimit,
      "unreserved": report.unreserved, "reservable": report.reservable,
      "reserved": report.reserved, "peakConcurrency": report.peakConcurrency,
      "throttles": report.throttles, "qualifiers": report.qualifiers.map(json),
      "costPerMonth": report.costPerMonth, "prices": report.prices.origin, "notes": report.notes,
    ]
  }

  static func json(_ provisioned: ProvisionedConcurrency) -> OperationInput {
    [
      "requested": provisioned.requested, "allocated": provisioned.allocated,
      "available": provisioned.available, "status": provisioned.status,
      "statusReason": provisioned.statusReason,
    ]
  }

  private static func json(_ qualifier: ConcurrencyReport.Qualifier) -> OperationInput {
    [
      "qualifier": qualifier.name, "version": qualifier.version,
      "provisioned": qualifier.provisioned.map(json),
      "scaling": qualifier.scaling.map(ScalingListing.json),
      "peakUtilization": qualifier.peakUtilization,
      "spilloverInvocations": qualifier.spilloverInvocations, "isInUse": qualifier.isInUse,
      "costPerMonth": qualifier.costPerMonth,
    ]
  }

  private static func use(_ report: ConcurrencyReport) -> String {
    guard let peak = report.peakConcurrency else { return "no invocations" }
    return "at most \(Int(peak)) at once, \(Int(report.throttles ?? 0)) throttled"
  }

  private static func scaling(_ state: ScalingState) -> String {
    let target = state.policy(tracking: ProvisionedAutoscaling.metric)?.targetTracking?.target
    return "\(state.target.minimumCapacity)-\(state.target.maximumCapacity)"
      + (target.map { " at \(Text.percent($0))" } ?? ", no policy")
      + ScalingListing.limits(state, metric: ProvisionedAutoscaling.metric)
  }
}
