import AWSControl

/// What CloudWatch has about the queue of an asynchronous endpoint, or about the environments of a
/// serverless one.
///
/// Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html,
/// https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-monitoring.html
package struct EndpointMetrics: Sendable, Equatable {
  /// Requests that wait or are under way; nil without data in the last 15 minutes.
  package let backlog: Double?
  package let backlogPerInstance: Double?
  package let ageOfOldestSeconds: Double?
  /// Whether requests wait and there is no instance; nil without data.
  package let hasBacklogWithoutCapacity: Bool?
  /// Sums and maxima of the last hour, by AWS's name of the metric; without data left out.
  package let lastHour: [String: Double]

  private struct Query {
    let name: String
    let statistic: String
    var isOfVariant = true
  }

  private static let backlogName = "ApproximateBacklogSize"
  private static let perInstanceName = "ApproximateBacklogSizePerInstance"
  private static let ageName = "ApproximateAgeOfOldestRequest"

  private static let queue = [
    Query(name: backlogName, statistic: "Average", isOfVariant: false),
    Query(name: perInstanceName, statistic: "Average", isOfVariant: false),
    Query(name: ageName, statistic: "Maximum", isOfVariant: false),
    Query(name: ScaleFromZero.metric, statistic: "Average", isOfVariant: false),
  ]
  private static let asynchronous = [
    "InvocationFailures", "ExpiredRequests", "RequestDownloadFailures", "ResponseUploadFailures",
    "NotificationFailures",
  ].map { Query(name: $0, statistic: "Sum") }
  private static let serverless =
    [
      "Invocations", "Invocation4XXErrors", "Invocation5XXErrors",
      "ServerlessProvisionedConcurrencySpilloverInvocations",
    ].map { Query(name: $0, statistic: "Sum") }
    + [
      "ServerlessConcurrentExecutionsUtilization", "ServerlessProvisionedConcurrencyUtilization",
    ].map { Query(name: $0, statistic: "Maximum") }

  /// One call; none for a real-time endpoint.
  static func read(
    _ endpoint: EndpointState, with client: ControlClient
  ) throws -> EndpointMetrics? {
    let queries =
      switch endpoint.kind {
      case .realTime: [Query]()
      case .serverless: serverless
      case .asynchronous: queue + asynchronous
      }
    guard !queries.isEmpty, let variant = endpoint.variants.first?.name else { return nil }
    let now = client.clock.unixMilliseconds() / 60_000 * 60
    let series = GetMetricData.Series.merged(
      try client.all(
        GetMetricData(
          queries: queries.enumerated().map { index, query in
            GetMetricData.Query(
              id: "m\(index)",
              metric: Metric(
                namespace: "AWS/SageMaker", name: query.name,
                dimensions: [("EndpointName", endpoint.name)]
                  + (query.isOfVariant ? [("VariantName", variant)] : [])),
              periodSeconds: 60, statistic: query.statistic)
          }, window: MetricWindow(start: now - 3600, end: now + 60))))
    return EndpointMetrics(queries, series, now: Double(now))
  }

  private init(_ queries: [Query], _ series: [String: GetMetricData.Series], now: Double) {
    var latest: [String: Double] = [:]
    var lastHour: [String: Double] = [:]
    for (index, query) in queries.enumerated() {
      guard let found = series["m\(index)"], !found.values.isEmpty else { continue }
      if query.isOfVariant {
        lastHour[query.name] =
          query.statistic == "Sum" ? found.values.reduce(0, +) : found.values.max()
      } else if let newest = zip(found.timestamps, found.values).max(by: { $0.0 < $1.0 }),
        newest.0 >= now - 900
      {
        latest[query.name] = newest.1
      }
    }
    backlog = latest[Self.backlogName]
    backlogPerInstance = latest[Self.perInstanceName]
    ageOfOldestSeconds = latest[Self.ageName]
    hasBacklogWithoutCapacity = latest[ScaleFromZero.metric].map { $0 > 0 }
    self.lastHour = lastHour
  }
}
