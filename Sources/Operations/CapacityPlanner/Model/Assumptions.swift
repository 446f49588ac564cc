/// Where AWS's documents leave a choice, the choice. Each is a parameter, and the report says how much hangs on it.
package struct Assumptions: Sendable, Hashable {
  /// From the end of a minute until an alarm sees its metric; 1 to 2 min are usual.
  package var metricDelay = Duration.seconds(60)
  /// Whether CloudWatch's premature rule (``MetricAlarm``) raises the low alarm, too. Application Auto Scaling
  /// documents only that missing points mean INSUFFICIENT_DATA.
  package var lowAlarmIsPremature = true
  /// Whether an idle endpoint publishes 0 invocations a minute, or nothing.
  package var idleEndpointReportsZero = true
  /// How much of the capacity one scale-in removes, at least 1. Documented only as "more gradually".
  package var scaleInShare = 0.1

  package init() {}

  /// No delay: what a calculation by hand assumes.
  package static var immediate: Assumptions {
    var assumptions = Assumptions()
    assumptions.metricDelay = .zero
    return assumptions
  }

  var problems: [String] {
    var problems: [String] = []
    if metricDelay < .zero || metricDelay > .seconds(600) {
      problems.append("a metric delay must lie in 0…10 min")
    }
    if !(scaleInShare > 0 && scaleInShare <= 1) {
      problems.append("the share of a scale-in must lie above 0 and within 1")
    }
    return problems
  }
}
