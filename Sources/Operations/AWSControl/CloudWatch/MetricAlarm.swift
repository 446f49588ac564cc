import AWSClient
import JSON

/// An alarm on one statistic of one metric.
package struct MetricAlarm: Sendable, Equatable {
  /// 1 to 255 characters.
  package let name: String
  package let description: String
  package let metric: Metric
  /// `Average`, `Sum`, `Maximum`, ….
  package let statistic: String
  /// Seconds: 60 or a multiple of it.
  package let periodSeconds: Int
  /// Periods that are evaluated, all of which must reach the threshold.
  package let periods: Int
  /// The alarm's state is ALARM at this value and above.
  package let threshold: Double
  /// ARNs that are called when its state becomes ALARM; at most 5.
  package let actions: [String]

  package init(
    name: String, description: String, metric: Metric, statistic: String, periodSeconds: Int,
    periods: Int, threshold: Double, actions: [String]
  ) {
    self.name = name
    self.description = description
    self.metric = metric
    self.statistic = statistic
    self.periodSeconds = periodSeconds
    self.periods = periods
    self.threshold = threshold
    self.actions = actions
  }

  var input: OperationInput {
    [
      "AlarmName": name, "AlarmDescription": description, "Namespace": metric.namespace,
      "MetricName": metric.name, "Dimensions": metric.dimensionInput, "Statistic": statistic,
      "Period": periodSeconds, "EvaluationPeriods": periods, "DatapointsToAlarm": periods,
      "Threshold": threshold, "ComparisonOperator": "GreaterThanOrEqualToThreshold",
      "TreatMissingData": "missing", "AlarmActions": actions,
    ]
  }

  /// Whether an alarm is so already.
  package func isMet(by alarm: DescribeAlarms.Alarm?) -> Bool {
    guard let alarm else { return false }
    return input.json.isContained(in: alarm.json)
      && alarm.json["ActionsEnabled"]?.boolValue != false
  }
}

/// Creates or replaces an alarm, whole.
///
/// `POST /`, `GraniteServiceVersion20100801.PutMetricAlarm`. Idempotent by name. Errors:
/// `LimitExceeded`, `InvalidParameterValue`.
/// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
package struct PutMetricAlarm: JSONOperation, WriteOperation {
  package typealias Output = Acknowledged
  package static let service = ControlService.cloudWatch
  package static let isRepeatable = true
  package let subject: String
  package let input: OperationInput

  package init(_ alarm: MetricAlarm) {
    subject = alarm.name
    input = alarm.input
  }

  /// The same alarm with another action in place of one.
  ///
  /// - Parameter described: from `DescribeAlarms`.
  package init(copying described: JSONValue, replacing old: String, with new: String) {
    subject = described["AlarmName"]?.stringValue ?? ""
    var input: OperationInput = [:]
    for name in Self.copiedMembers {
      guard let value = described[name], value != .null else { continue }
      guard name.hasSuffix("Actions"), let actions = value.arrayValue else {
        input.set(name, to: value)
        continue
      }
      input.set(name, to: .array(actions.map { $0.stringValue == old ? .string(new) : $0 }))
    }
    self.input = input
  }

  /// Members of the description that the request takes, too.
  private static let copiedMembers = [
    "AlarmName", "AlarmDescription", "ActionsEnabled", "OKActions", "AlarmActions",
    "InsufficientDataActions", "MetricName", "Namespace", "Statistic", "ExtendedStatistic",
    "Dimensions", "Period", "Unit", "EvaluationPeriods", "DatapointsToAlarm", "Threshold",
    "ComparisonOperator", "TreatMissingData", "EvaluateLowSampleCountPercentile", "Metrics",
    "ThresholdMetricId",
  ]
}

/// Deletes alarms.
///
/// `POST /`, `GraniteServiceVersion20100801.DeleteAlarms`. At most 100; when one does not exist,
/// none is deleted. Errors: `ResourceNotFound`.
/// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html
package struct DeleteAlarms: JSONOperation, WriteOperation {
  package typealias Output = Acknowledged
  package static let service = ControlService.cloudWatch
  /// The second time it is gone.
  package static let isRepeatable = true
  package let name: String

  /// One alarm, so that one that is gone keeps no other.
  package init(name: String) { self.name = name }

  package var subject: String { name }
  package var input: OperationInput { ["AlarmNames": [name]] }

  package func outputIfReached(after error: AWSError, with client: ControlClient) -> Output? {
    ["ResourceNotFound", "ResourceNotFoundException"].contains(error.code.rawValue) ? .done : nil
  }
}
