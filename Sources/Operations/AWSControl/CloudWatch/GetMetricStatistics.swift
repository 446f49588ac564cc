/// Reads statistics of one metric; the older call, which every CloudWatch emulator supports.
///
/// `POST /`, `GraniteServiceVersion20100801.GetMetricStatistics`. At most 1,440 points, in no
/// order; no more than five statistics, or else ten percentiles. Read only. Errors:
/// `InvalidParameterValue`, `InvalidParameterCombination`, `Throttling`.
/// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
package struct GetMetricStatistics: JSONOperation, ReadOperation {
  package struct Output: ResponseShape {
    /// In no order.
    package let points: [Point]

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      points = try fields.list("Datapoints")
    }
  }

  /// A period's values; those that were not requested are nil.
  package struct Point: ResponseShape {
    /// The period's beginning, Unix seconds.
    package let timestamp: Double
    package let sum: Double?
    package let average: Double?
    package let maximum: Double?
    package let sampleCount: Double?
    /// By name, for example `p99`.
    package let percentiles: [String: Double]

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      timestamp = try fields.double("Timestamp")
      sum = fields.optionalDouble("Sum")
      average = fields.optionalDouble("Average")
      maximum = fields.optionalDouble("Maximum")
      sampleCount = fields.optionalDouble("SampleCount")
      percentiles = fields.doubleMap("ExtendedStatistics")
    }
  }

  package static let service = ControlService.cloudWatch
  package let metric: Metric
  package let window: MetricWindow
  /// Seconds: 60 or a multiple of it.
  package let periodSeconds: Int
  /// `Sum`, `Average`, `Maximum`, `Minimum`, `SampleCount`; empty when percentiles are requested.
  package let statistics: [String]
  /// For example `p99`; empty when statistics are requested.
  package let percentiles: [String]

  package init(
    metric: Metric, window: MetricWindow, periodSeconds: Int, statistics: [String] = [],
    percentiles: [String] = []
  ) {
    self.metric = metric
    self.window = window
    self.periodSeconds = periodSeconds
    self.statistics = statistics
    self.percentiles = percentiles
  }

  package var subject: String { metric.name }
  package var input: OperationInput {
    [
      "Namespace": metric.namespace, "MetricName": metric.name,
      "Dimensions": metric.dimensionInput, "StartTime": window.start, "EndTime": window.end,
      "Period": periodSeconds, "Statistics": statistics.isEmpty ? nil : statistics,
      "ExtendedStatistics": percentiles.isEmpty ? nil : percentiles,
    ]
  }
}
