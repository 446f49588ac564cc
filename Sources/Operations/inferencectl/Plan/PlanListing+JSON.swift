import AWSControl
import CapacityPlanner
import JSON

/// A plan as JSON.
extension PlanListing {
  func json(notices: [String]) -> OperationInput {
    let level = plan.serviceLevel
    let traffic = run.traffic
    return [
      "recommendation": plan.recommendation, "meetsServiceLevel": plan.best != nil,
      "serviceLevel": [
        "percentile": level.percentile, "milliseconds": Self.milliseconds(level.latency),
        "availability": level.availability,
      ] as OperationInput,
      "traffic": [
        "arrivals": traffic.expectedArrivals, "seconds": traffic.duration / .seconds(1),
        "startUnixSeconds": traffic.startUnixSeconds, "meanPerSecond": traffic.meanRatePerSecond,
        "peakPerSecond": traffic.peakRatePerSecond,
      ] as OperationInput,
      "prices": [
        "region": run.planner.prices.region, "date": run.planner.prices.date,
      ] as OperationInput,
      "recommended": json(plan.nearest),
      "present": run.present.map(json),
      "whatIf": run.whatIfs.map { whatIf in
        ["setting": whatIf.name, "alternative": json(whatIf.alternative)] as OperationInput
      },
      "grade": run.grade?.figures.map { figure in
        [
          "name": figure.name, "simulated": figure.simulated, "measured": figure.measured,
          "error": figure.error,
        ] as OperationInput
      } ?? [],
      "sensitivity": run.sensitivity,
      "alternatives": plan.alternatives.map(json), "commands": steps.commands,
      "templateParameters": Dictionary(
        steps.parameters.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }),
      "notes": steps.notes, "notices": notices, "warnings": warnings,
    ]
  }

  private func json(_ alternative: Alternative) -> OperationInput {
    let cost = alternative.monthlyCost
    let counts = alternative.counts
    return [
      "kind": alternative.kind.rawValue, "settings": alternative.description,
      "function": alternative.functionSummary, "endpoint": alternative.endpointSummary,
      "memoryMegabytes": alternative.scenario.function.memoryMegabytes,
      "architecture": alternative.scenario.function.architecture.rawValue,
      "meetsServiceLevel": alternative.meetsServiceLevel,
      "isOnFront": plan.paretoFront.contains(alternative),
      "monthlyCost": json(cost), "certainty": alternative.certainty.map(json),
      "promisedMilliseconds": alternative.promisedLatency.map(Self.milliseconds),
      "p50Milliseconds": alternative.p50.map(Self.milliseconds),
      "p99Milliseconds": alternative.p99.map(Self.milliseconds),
      "p999Milliseconds": alternative.p999.map(Self.milliseconds),
      "coldShare": alternative.coldShare, "unservedShare": alternative.unservedShare,
      "arrivals": counts.arrivals, "completed": counts.completed, "refused": counts.refused,
      "throttledAttempts": counts.throttles, "throttled": counts.throttled,
      "failed": counts.failed, "lost": counts.lost, "coldStarts": counts.coldStarts,
      "endpointColdStarts": counts.endpointColdStarts, "peakConcurrency": counts.peakConcurrency,
    ]
  }

  private func json(_ cost: Cost) -> OperationInput {
    [
      "total": cost.total, "requests": cost.requests, "onDemandDuration": cost.onDemandDuration,
      "provisionedConcurrency": cost.provisionedConcurrency,
      "provisionedDuration": cost.provisionedDuration, "ephemeralStorage": cost.ephemeralStorage,
      "pollers": cost.pollers, "endpointInstances": cost.endpointInstances,
      "endpointRequests": cost.endpointRequests, "endpointProvisioned": cost.endpointProvisioned,
    ]
  }

  private func json(_ certainty: Certainty) -> OperationInput {
    [
      "verdict": certainty.verdict.rawValue, "replications": certainty.replications,
      "leastMilliseconds": (certainty.interval?.lowerBound).map(Self.milliseconds),
      "mostMilliseconds": (certainty.interval?.upperBound).map(Self.milliseconds),
      "leastRefused": certainty.refused.lowerBound, "mostRefused": certainty.refused.upperBound,
      "hours": json(certainty.hours), "days": json(certainty.days),
    ]
  }

  private func json(_ windows: Certainty.Windows) -> OperationInput {
    [
      "count": windows.count, "missed": windows.missed,
      "worstStartSeconds": windows.worst?.startSeconds, "worstArrivals": windows.worst?.arrivals,
      "worstMilliseconds": (windows.worst?.latency).map(Self.milliseconds),
    ]
  }

  private static func milliseconds(_ duration: Duration) -> Double { duration / .milliseconds(1) }
}
