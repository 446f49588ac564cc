import JSON

/// Reads alarms, metric and composite.
///
/// `POST /`, `GraniteServiceVersion20100801.DescribeAlarms`. At most 100; names that do not exist
/// are left out. Read only. Errors: `InvalidNextToken`, `Throttling`.
/// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
package struct DescribeAlarms: JSONOperation, ReadOperation {
  package struct Output: ResponseShape {
    /// `OK`, `ALARM`, or `INSUFFICIENT_DATA`, by the alarm's name.
    package let states: [String: String]
    package let metricAlarms: [Alarm]

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      metricAlarms = try fields.list("MetricAlarms")
      let alarms: [Alarm] = try metricAlarms + fields.list("CompositeAlarms")
      states = Dictionary(alarms.map { ($0.name, $0.state) }, uniquingKeysWith: { $1 })
    }
  }

  package struct Alarm: ResponseShape {
    package let name: String
    package let state: String
    /// The response as received, to put the alarm again.
    package let json: JSONValue

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      name = try fields.string("AlarmName")
      state = try fields.string("StateValue")
      json = fields.json
    }
  }

  private enum Selection {
    case names([String])
    case namePrefix(String)
    case action(String)
  }

  package static let service = ControlService.cloudWatch
  private let selection: Selection

  /// - Parameter names: 1 to 100.
  package init(names: [String]) { selection = .names(names) }

  package init(namePrefix: String) { selection = .namePrefix(namePrefix) }

  /// - Parameter action: the ARN that the alarms call, for example of a scaling policy.
  package init(action: String) { selection = .action(action) }

  package var subject: String {
    switch selection {
    case .names(let names): names.joined(separator: ", ")
    case .namePrefix(let prefix): prefix
    case .action(let action): action
    }
  }

  package var input: OperationInput {
    var input: OperationInput = [
      "AlarmTypes": ["MetricAlarm", "CompositeAlarm"], "MaxRecords": 100,
    ]
    switch selection {
    case .names(let names): input.set("AlarmNames", to: names.json)
    case .namePrefix(let prefix): input.set("AlarmNamePrefix", to: prefix.json)
    case .action(let action): input.set("ActionPrefix", to: action.json)
    }
    return input
  }
}
