/// Reads the states of alarms, metric and composite.
///
/// `POST /`, `GraniteServiceVersion20100801.DescribeAlarms`. At most 100 names; those that do not
/// exist are left out. Read only. Errors: `InvalidNextToken`, `Throttling`.
/// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
package struct DescribeAlarms: JSONOperation, ReadOperation {
  package struct Output: ResponseShape {
    /// `OK`, `ALARM`, or `INSUFFICIENT_DATA`, by the alarm's name.
    package let states: [String: String]

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      let alarms: [Alarm] = try fields.list("MetricAlarms") + fields.list("CompositeAlarms")
      states = Dictionary(alarms.map { ($0.name, $0.state) }, uniquingKeysWith: { $1 })
    }
  }

  private struct Alarm: ResponseShape {
    let name: String
    let state: String

    init(_ fields: ResponseFields) throws(MalformedResponse) {
      name = try fields.string("AlarmName")
      state = try fields.string("StateValue")
    }
  }

  package static let service = ControlService.cloudWatch
  /// 1 to 100.
  package let names: [String]

  package init(names: [String]) { self.names = names }

  package var subject: String { names.joined(separator: ", ") }
  package var input: OperationInput {
    [
      "AlarmNames": names, "AlarmTypes": ["MetricAlarm", "CompositeAlarm"],
      "MaxRecords": 100,
    ]
  }
}
