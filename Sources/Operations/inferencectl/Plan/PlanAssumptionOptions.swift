import ArgumentParser
import CapacityPlanner
import Foundation

/// Where AWS's documents leave a choice.
struct PlanAssumptionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "From the end of a minute until an alarm sees its metric.", valueName: "duration"))
  var metricDelay = DurationArgument(.seconds(60))
  @Flag(
    help:
      "A single low minute before silence does not scale in (CloudWatch's premature rule for the high alarm only)."
  )
  var highAlarmPrematureOnly = false
  @Flag(help: "An idle endpoint publishes no invocations metric instead of zeros.")
  var idleEndpointSilent = false
  @Option(
    help: ArgumentHelp(
      "Share of the capacity that one scale-in removes, above 0 to 1.", valueName: "share"))
  var scaleInShare = 0.1

  var model: Assumptions {
    var assumptions = Assumptions()
    assumptions.metricDelay = metricDelay.duration
    assumptions.lowAlarmIsPremature = !highAlarmPrematureOnly
    assumptions.idleEndpointReportsZero = !idleEndpointSilent
    assumptions.scaleInShare = scaleInShare
    return assumptions
  }
}
