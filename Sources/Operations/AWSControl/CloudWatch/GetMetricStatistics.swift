/// Reads statistics of one metric; the older call, which every stand-in for CloudWatch knows.
///
/// `POST /`, `GraniteServiceVersion20100801.GetMetricStatistics`. At most 1,440 points, in no order; no more
/// than five statistics, or else ten percentiles. Read only. Errors: `InvalidParameterValue`,
/// `InvalidParameterCombination`, `Throttling`.
/// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
public struct GetMetricStatistics: JSONOperation, ReadOperation {
  /// The points.
  public struct Output: ResponseShape {
    /// In no order.
    public let points: [Point]

    /// Reads the field.
    public init(_ fields: ResponseFields) throws(MalformedResponse) {
      points = try fields.list("Datapoints")
    }
  }

  /// A period's values; those that were not asked for are nil.
  public struct Point: ResponseShape {
    /// The period's beginning, Unix seconds.
    public let timestamp: Double
    /// The sum.
    public let sum: Double?
    /// The mean.
    public let average: Double?
    /// The largest.
    public let maximum: Double?
    /// How many samples.
    public let sampleCount: Double?
    /// By their names, as `p99`.
    public let percentiles: [String: Double]

    /// Reads the fields.
    public init(_ fields: ResponseFields) throws(MalformedResponse) {
      timestamp = try fields.double("Timestamp")
      sum = fields.optionalDouble("Sum")
      average = fields.optionalDouble("Average")
      maximum = fields.optionalDouble("Maximum")
      sampleCount = fields.optionalDouble("SampleCount")
      percentiles = fields.doubleMap("ExtendedStatistics")
    }
  }

  /// CloudWatch.
  public static let service = ControlService.cloudWatch
  /// The metric.
  public let metric: Metric
  /// When.
  public let window: MetricWindow
  /// Seconds: 60 or a multiple of it.
  public let periodSeconds: Int
  /// `Sum`, `Average`, `Maximum`, `Minimum`, `SampleCount`; empty when percentiles are asked for.
  public let statistics: [String]
  /// As `p99`; empty when statistics are asked for.
  public let percentiles: [String]

  /// A request; see the properties.
  public init(
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
  public var subject: String { metric.name }
  /// Metric, window, statistics.
  public var input: OperationInput {
    [
      "Namespace": metric.namespace, "MetricName": metric.name,
      "Dimensions": metric.dimensionInput, "StartTime": window.start, "EndTime": window.end,
      "Period": periodSeconds, "Statistics": statistics.isEmpty ? nil : statistics,
      "ExtendedStatistics": percentiles.isEmpty ? nil : percentiles,
    ]
  }
}
