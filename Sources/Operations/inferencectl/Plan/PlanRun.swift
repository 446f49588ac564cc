import CapacityPlanner
import Foundation

/// Everything that one `plan` command found.
struct PlanRun {
  let planner: Planner
  let traffic: Traffic
  let name: String
  let plan: Plan
  var present: Alternative?
  var presentOutcome: Outcome?
  var whatIfs: [(name: String, alternative: Alternative)] = []
  var grade: PlanGrade?
  var sensitivity: [String] = []

  /// What a reader must know of the trace and of the function, a sentence each.
  static func warnings(_ traffic: Traffic, _ planner: Planner) -> [String] {
    let level = planner.serviceLevel
    var warnings: [String] = []
    let beyond = traffic.expectedArrivals * (1 - level.percentile)
    if beyond < 10 {
      warnings.append(
        "Only \(String(format: "%.1f", beyond)) of \(Int(traffic.expectedArrivals)) requests lie beyond "
          + "\(PlanText.percentile(level)): its value is mostly chance. Take a longer trace or a lower percentile"
      )
    }
    let days = traffic.duration / .seconds(86_400)
    let length = DurationText.text(traffic.duration)
    if days < 1 {
      warnings.append(
        "The trace lasts \(length): costs are what a month would cost if it went on like this. The rest of the day "
          + "is not known, so schedules are not tried")
    } else if days < 7 {
      warnings.append(
        "The trace lasts \(length): weekends are not known. Take at least a week before setting a schedule"
      )
    }
    let function = planner.function
    if function.initDuration > function.timeout, function.initDuration > .seconds(10) {
      warnings.append(
        "The initialization takes \(DurationText.text(function.initDuration)), which does not fit the timeout of "
          + "\(DurationText.text(function.timeout)): every cold start on demand fails. Set a longer --timeout"
      )
    }
    return warnings
  }

  /// How much of a scaled setting hangs on what AWS does not document.
  mutating func addSensitivity() throws {
    let scenario = plan.nearest.scenario
    guard scenario.concurrency.provisioned?.tracking != nil || scenario.endpoint?.tracking != nil
    else { return }
    var variants: [(String, (inout Assumptions) -> Void)] = [
      ("metrics without delay", { $0.metricDelay = .zero }),
      ("metrics two minutes late", { $0.metricDelay = .seconds(120) }),
      ("no scale-in on one low minute before silence", { $0.lowAlarmIsPremature.toggle() }),
      ("a scale-in of half the capacity", { $0.scaleInShare = 0.5 }),
    ]
    if scenario.endpoint?.tracking != nil {
      variants.append(
        ("an idle endpoint that publishes nothing", { $0.idleEndpointReportsZero.toggle() }))
    }
    for (name, change) in variants {
      var other = scenario
      change(&other.assumptions)
      var quick = planner
      quick.replicates = false
      let found = try quick.alternative(other, traffic: traffic)
      sensitivity.append(
        "With \(name): $\(PlanText.cents(found.monthlyCost.total)) per month instead of "
          + "$\(PlanText.cents(plan.nearest.monthlyCost.total)), \(PlanText.percentile(plan.serviceLevel)) "
          + "\(found.promisedLatency.map(DurationText.text) ?? "out of reach") instead of "
          + "\(plan.nearest.promisedLatency.map(DurationText.text) ?? "out of reach")")
    }
  }
}
