/// The traffic of one version, from which CloudWatch's answers follow.
package struct ScriptedTraffic: Sendable {
  /// When the clock of `makeClock` begins, Unix seconds of a full minute.
  package static let beginning: Int64 = 1_700_000_000 / 60 * 60

  package var invocationsPerMinute: Int
  package var errorsPerMinute = 0
  package var throttlesPerMinute = 0
  /// Images that the function's own metric counts as failed, of one image an invocation; nil writes
  /// no such metric.
  package var failuresPerMinute: Int?
  /// The duration of every invocation.
  package var milliseconds = 190.0
  /// Minutes since the beginning without traffic; nil is traffic at all times.
  package var quietMinutes: Int64? = 0

  /// - Parameter quietMinutes: minutes since the beginning without traffic; nil is traffic at all
  ///   times.
  package init(_ invocationsPerMinute: Int, quietMinutes: Int64? = 0) {
    self.invocationsPerMinute = invocationsPerMinute
    self.quietMinutes = quietMinutes
  }

  /// A version that has had traffic for long.
  package static func old(_ invocationsPerMinute: Int) -> ScriptedTraffic {
    ScriptedTraffic(invocationsPerMinute, quietMinutes: nil)
  }

  /// One value a minute, newest first.
  package func values(_ question: ScriptedLambda.MetricQuestion) -> [Double] {
    let first =
      quietMinutes.map { max(question.start, Self.beginning + 60 * $0) } ?? question.start
    let minutes = max(0, Int((question.end - first) / 60))
    guard minutes > 0, let value = value(question) else { return [] }
    return Array(repeating: value, count: minutes)
  }

  private func value(_ question: ScriptedLambda.MetricQuestion) -> Double? {
    switch question.name {
    case "Invocations": Double(invocationsPerMinute)
    case "Errors": Double(errorsPerMinute)
    case "Throttles": Double(throttlesPerMinute)
    case "Images": failuresPerMinute == nil ? nil : Double(invocationsPerMinute)
    case "Failures": failuresPerMinute.map(Double.init)
    case "Duration": duration(question.statistic)
    default: nil
    }
  }

  private func duration(_ statistic: String) -> Double {
    switch statistic {
    case "p99": return milliseconds
    case "SampleCount": return Double(invocationsPerMinute)
    default:
      // TC(:300)
      let limit = Double(statistic.dropFirst(4).dropLast()) ?? 0
      return milliseconds <= limit ? Double(invocationsPerMinute) : 0
    }
  }
}

extension ScriptedLambda.State {
  /// Makes CloudWatch answer with the traffic of these versions.
  package mutating func setTraffic(_ traffic: [String: ScriptedTraffic]) {
    metrics = { question, _ in
      traffic[question.dimensions["ExecutedVersion"] ?? ""]?.values(question) ?? []
    }
  }

  /// At the first look at the metrics after a shift, another operator gives version 6 half of the
  /// traffic of `live`.
  package mutating func moveShareDuringWatch() {
    interference = [
      .init(before: "UpdateAlias") { state in
        state.interference = [
          .init(before: "GetMetricData") {
            $0.aliases["live"]?.weights = ["6": 0.5]
            $0.aliases["live"]?.revision = "theirs"
          }
        ]
      }
    ]
  }
}
