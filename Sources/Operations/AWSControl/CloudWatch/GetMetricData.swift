/// Reads several statistics at once.
///
/// `POST /`, `GraniteServiceVersion20100801.GetMetricData`. At most 500 queries and 100,800 points
/// a page; a result may be spread over pages, so `merged` puts those of the same id together. A
/// period without data points is left out. Read only. Errors: `InvalidParameterValue`,
/// `Throttling`.
/// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
package struct GetMetricData: JSONOperation, PagedOperation {
  /// One statistic of one metric.
  package struct Query: Sendable {
    /// A lower-case letter, then letters, digits and `_`.
    package let id: String
    package let metric: Metric
    /// Seconds: 60 or a multiple of it.
    package let periodSeconds: Int
    /// `Sum`, `Average`, `Maximum`, `SampleCount`, `p99`, ….
    package let statistic: String

    package init(id: String, metric: Metric, periodSeconds: Int, statistic: String) {
      self.id = id
      self.metric = metric
      self.periodSeconds = periodSeconds
      self.statistic = statistic
    }
  }

  /// The points of a query.
  package struct Series: ResponseShape {
    package let id: String
    /// Unix seconds, newest first.
    package let timestamps: [Double]
    package let values: [Double]
    /// `Complete`, `PartialData` (more on the next page), `InternalError`, `Forbidden`.
    package let statusCode: String?

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      self.init(
        id: try fields.string("Id"), timestamps: fields.doubles("Timestamps"),
        values: fields.doubles("Values"), statusCode: fields.optionalString("StatusCode"))
    }

    private init(id: String, timestamps: [Double], values: [Double], statusCode: String?) {
      self.id = id
      self.timestamps = timestamps
      self.values = values
      self.statusCode = statusCode
    }

    /// The points of all pages, by id.
    package static func merged(_ parts: [Series]) -> [String: Series] {
      Dictionary(
        parts.map { ($0.id, $0) },
        uniquingKeysWith: { first, second in
          Series(
            id: first.id, timestamps: first.timestamps + second.timestamps,
            values: first.values + second.values, statusCode: second.statusCode)
        })
    }
  }

  /// The points of a query, or of one page of it.
  package typealias Item = Series
  package static let itemsKey = "MetricDataResults"
  package static let nextTokenKey = "NextToken"
  package static let service = ControlService.cloudWatch
  /// 1 to 500.
  package let queries: [Query]
  package let window: MetricWindow
  package var pageToken: String?

  package init(queries: [Query], window: MetricWindow) {
    self.queries = queries
    self.window = window
  }

  package var subject: String { queries.map(\.metric.name).joined(separator: ", ") }
  package var input: OperationInput {
    [
      "MetricDataQueries": queries.map { query in
        [
          "Id": query.id,
          "MetricStat": [
            "Metric": [
              "Namespace": query.metric.namespace, "MetricName": query.metric.name,
              "Dimensions": query.metric.dimensionInput,
            ] as OperationInput,
            "Period": query.periodSeconds, "Stat": query.statistic,
          ] as OperationInput,
        ] as OperationInput
      },
      "StartTime": window.start, "EndTime": window.end, "NextToken": pageToken,
    ]
  }
}
