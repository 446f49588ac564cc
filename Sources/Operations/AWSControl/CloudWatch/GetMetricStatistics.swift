/// Reads statistics of one metric; the older call, which every stand-in for CloudWatch knows.
///
/// `POST /`, `GraniteServiceVersion20100801.GetMetricStatistics`. At most 1,440 points, in no order; no more
/// than five statistics, or else ten percentiles. Read only. Errors: `InvalidParameterValue`,
/// `InvalidParameterCombination`, `Throttling`.
/// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
package struct GetMetricStatistics: JSONOperation, ReadOperation {
  /// The points.
  package struct Output: ResponseShape {
    /// In no order.
    package let points: [Point]

    /// Reads the field.
    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      points = try fields.list("Datapoints")
    }
  }

  /// A period's values; those that were not asked for are nil.
  package struct Point: ResponseShape {
    /// The period's beginning, Unix seconds.
    package let timestamp: Double
    /// The sum.
    package let sum: Double?
    /// The mean.
    package let average: Double?
    /// The largest.
    package let maximum: Double?
    /// How many samples.
    package let sampleCount: Double?
    /// By their names, as `p99`.
    package let percentiles: [String: Double]

    /// Reads the fields.
    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      timestamp = try fields.double("Timestamp")
      sum = fields.optionalDouble("Sum")
      average = fields.optionalDouble("Average")
      maximum = fields.optionalDouble("Maximum")
      sampleCount = fields.optionalDouble("SampleCount")
      percentiles = fields.doubleMap("ExtendedStatistics")
    }
  }

  /// CloudWatch.
  package static let service = ControlService.cloudWatch
  /// The metric.
  package let metric: Metric
  /// When.
  package let window: MetricWindow
  /// Seconds: 60 or a multiple of it.
  package let periodSeconds: Int
  /// `Sum`, `Average`, `Maximum`, `Minimum`, `SampleCount`; empty when percentiles are asked for.
  package let statistics: [String]
  /// As `p99`; empty when statistics are asked for.
  package let percentiles: [String]

  /// A request; see the properties.
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

  /// The metric.
  package var subject: String { metric.name }
  /// Metric, window, statistics.
  package var input: OperationInput {
    [
      "Namespace": metric.namespace, "MetricName": metric.name,
      "Dimensions": metric.dimensionInput, "StartTime": window.start, "EndTime": window.end,
      "Period": periodSeconds, "Statistics": statistics.isEmpty ? nil : statistics,
      "ExtendedStatistics": percentiles.isEmpty ? nil : percentiles,
    ]
  }
}
