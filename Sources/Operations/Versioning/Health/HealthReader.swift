import AWSControl

/// CloudWatch could not answer for a while; the sample is unknown, not empty.
struct MetricOutage: Error, CustomStringConvertible {
  let description: String
}

/// Reads what users feel of two versions, all in one call.
///
/// Lambda writes one point a minute for each pair of alias and version (dimension
/// `ExecutedVersion`), some minutes late when the function takes long; the function writes `Images`
/// and `Failures` by endpoint, and may write them by version. What does not know versions (the
/// endpoint's, the function URL's, and the queue's metrics) is compared with the hour before.
/// Sources: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html,
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html (`TC(:300)`,
/// the number of values of at most 300)
struct HealthReader {
  /// A sample is a day at most, so that its points fit on a few pages.
  private static let longestSeconds: Int64 = 86_400

  let functionName: String
  let alias: String
  let new: String
  let old: String
  let limits: HealthLimits
  /// The SageMaker endpoint that the function calls; nil when it is unknown.
  var endpointName: String?
  /// Name of the queue of failed events; nil when there is none.
  var failureQueue: String?
  /// Names of alarms that must not be in the state ALARM.
  var alarms: [String] = []
  let client: ControlClient

  /// - Parameters:
  ///   - since: when the new version got its first traffic, Unix seconds.
  ///   - now: Unix seconds.
  /// - Throws: `MetricOutage`; `AWSError`.
  func read(since: Int64, now: Int64) throws -> HealthSample {
    let start = max(since, now - Self.longestSeconds) / 60 * 60
    let window = MetricWindow(start: start - 3600, end: now / 60 * 60 + 60)
    let parts = try client.all(GetMetricData(queries: queries, window: window))
    let merged = GetMetricData.Series.merged(parts)
    if let broken = merged.values.first(where: { ($0.statusCode ?? "Complete") != "Complete" }) {
      throw MetricOutage(description: "CloudWatch: \(broken.statusCode ?? "") of GetMetricData")
    }
    guard merged["newInvocations"] != nil else {
      throw MetricOutage(description: "CloudWatch: no result of GetMetricData")
    }
    let points = MetricPoints(merged, start: start, complete: now - 60)
    var sample = HealthSample()
    sample.errors = points.sample("Errors", of: "Invocations")
    sample.throttles = points.sample("Throttles", of: "Invocations", isApart: true)
    sample.failures = points.sample("Failures", of: "Images")
    sample.slow = HealthLimits.durations.indices.map { points.complement("Within\($0)") }
    if limits.maximumDurationMilliseconds != nil {
      sample.beyondLimit = points.complement("WithinLimit").new
    }
    sample.endpointFailures = points.shared("endpointFailures", of: "endpointImages")
    sample.serverErrors = points.shared("serverErrors", of: "requests")
    sample.lostEvents = points.shared("lostEvents", of: "allInvocations")
    sample.p99Milliseconds = points.mean("newP99")
    sample.oldP99Milliseconds = points.mean("oldP99") ?? points.meanBefore("oldP99")
    sample.alarms = try alarmsRinging()
    return sample
  }

  /// Those of the named alarms that are in the state ALARM.
  ///
  /// - Throws: `Refusal` for an alarm that does not exist.
  func alarmsRinging() throws -> [String] {
    guard !alarms.isEmpty else { return [] }
    let states = try client.read(DescribeAlarms(names: alarms)).states
    for name in alarms where states[name] == nil {
      throw Refusal(
        "There is no alarm \(name) in this region", advice: "Check --alarm and --region")
    }
    return alarms.filter { states[$0] == "ALARM" }
  }

  // MARK: Queries

  private var queries: [GetMetricData.Query] {
    var queries: [GetMetricData.Query] = []
    for (side, version) in [("new", new), ("old", old)] {
      for name in ["Invocations", "Errors", "Throttles"] {
        queries.append(query("\(side)\(name)", lambda(name, version), "Sum"))
      }
      for name in ["Images", "Failures"] {
        queries.append(query("\(side)\(name)", own(name, version), "Sum"))
      }
      let duration = lambda("Duration", version)
      queries.append(query("\(side)P99", duration, "p99"))
      queries.append(query("\(side)Samples", duration, "SampleCount"))
      let ratio = side == "new" ? limits.maximumDurationRatio : 1
      for (index, limit) in HealthLimits.durations.enumerated() {
        let most = Int((limit * ratio).rounded())
        queries.append(query("\(side)Within\(index)", duration, "TC(:\(most))"))
      }
      if let limit = limits.maximumDurationMilliseconds {
        queries.append(query("\(side)WithinLimit", duration, "TC(:\(Int(limit.rounded())))"))
      }
    }
    let shared = [("FunctionName", functionName), ("Resource", "\(functionName):\(alias)")]
    queries.append(query("serverErrors", lambda("Url5xxCount", shared), "Sum"))
    queries.append(query("requests", lambda("UrlRequestCount", shared), "Sum"))
    if let endpointName {
      for name in ["Images", "Failures"] {
        let metric = own(name, [("Endpoint", endpointName)])
        queries.append(query("endpoint\(name)", metric, "Sum"))
      }
    }
    if let failureQueue {
      queries.append(query("allInvocations", lambda("Invocations", shared), "Sum"))
      queries.append(
        query(
          "lostEvents",
          Metric(
            namespace: "AWS/SQS", name: "NumberOfMessagesSent",
            dimensions: [("QueueName", failureQueue)]), "Sum"))
    }
    return queries
  }

  private func query(_ id: String, _ metric: Metric, _ statistic: String) -> GetMetricData.Query {
    GetMetricData.Query(id: id, metric: metric, periodSeconds: 60, statistic: statistic)
  }

  private func lambda(_ name: String, _ version: String) -> Metric {
    lambda(
      name,
      [
        ("FunctionName", functionName), ("Resource", "\(functionName):\(alias)"),
        ("ExecutedVersion", version),
      ])
  }

  private func lambda(_ name: String, _ dimensions: [(name: String, value: String)]) -> Metric {
    Metric(namespace: "AWS/Lambda", name: name, dimensions: dimensions)
  }

  /// The function's own metrics (`Metrics` in Sources/Function/ImageClassification).
  private func own(_ name: String, _ version: String) -> Metric {
    own(name, [("FunctionName", functionName), ("ExecutedVersion", version)])
  }

  private func own(_ name: String, _ dimensions: [(name: String, value: String)]) -> Metric {
    Metric(namespace: "SageMakerImageInference", name: name, dimensions: dimensions)
  }
}

/// The points of all queries, by id and minute.
struct MetricPoints {
  private let points: [String: [Int64: Double]]
  /// When the new version got its first traffic, Unix seconds of a full minute.
  private let start: Int64
  /// Minutes that end later may still change.
  private let complete: Int64

  init(_ series: [String: GetMetricData.Series], start: Int64, complete: Int64) {
    points = series.mapValues { series in
      Dictionary(
        zip(series.timestamps.map { Int64($0) / 60 * 60 }, series.values), uniquingKeysWith: +)
    }
    self.start = start
    self.complete = complete
  }

  private func count(_ id: String, _ minute: Int64) -> Int {
    Int((points[id]?[minute] ?? 0).rounded())
  }

  private func minutes(_ ids: String...) -> [Int64] {
    Set(ids.flatMap { points[$0].map { Array($0.keys) } ?? [] }).sorted()
  }

  /// Defects of the two versions.
  ///
  /// - Parameter isApart: whether the total does not contain the defects.
  func sample(_ defect: String, of total: String, isApart: Bool = false) -> DefectSample {
    sample(minutes("new\(total)", "old\(total)", "new\(defect)", "old\(defect)")) { side, minute in
      let defects = count(side + defect, minute)
      return DefectCount(
        defects: defects, total: count(side + total, minute) + (isApart ? defects : 0))
    }
  }

  /// What is not within a duration.
  func complement(_ within: String) -> DefectSample {
    guard points["new\(within)"]?.isEmpty == false || points["old\(within)"]?.isEmpty == false
    else { return DefectSample() }
    return sample(minutes("newSamples", "oldSamples")) { side, minute in
      let total = count("\(side)Samples", minute)
      return DefectCount(defects: max(0, total - count(side + within, minute)), total: total)
    }
  }

  /// Defects of the alias as a whole; the hour before takes the place of the old version.
  func shared(_ defect: String, of total: String) -> DefectSample {
    sample(minutes(total, defect)) { side, minute in
      if side == "old", minute >= start { return DefectCount() }
      let defects = count(defect, minute)
      return DefectCount(defects: defects, total: max(defects, count(total, minute)))
    }
  }

  private func sample(
    _ minutes: [Int64], _ count: (_ side: String, _ minute: Int64) -> DefectCount
  ) -> DefectSample {
    var sample = DefectSample()
    for minute in minutes {
      let old = count("old", minute)
      guard minute >= start else {
        sample.before = sample.before + old
        continue
      }
      let new = count("new", minute)
      sample.new = sample.new + new
      sample.old = sample.old + old
      guard minute + 60 <= complete else { continue }
      sample.minutes.append(
        MinutePair(
          newDefects: min(new.defects, new.total), newTotal: new.total,
          oldDefects: min(old.defects, old.total), oldTotal: old.total))
    }
    return sample
  }

  /// The mean of the minutes since the start; nil without points.
  func mean(_ id: String) -> Double? { mean(points[id]?.filter { $0.key >= start }) }
  /// The mean of the hour before.
  func meanBefore(_ id: String) -> Double? { mean(points[id]?.filter { $0.key < start }) }

  private func mean(_ values: [Int64: Double]?) -> Double? {
    guard let values, !values.isEmpty else { return nil }
    return values.values.reduce(0, +) / Double(values.count)
  }
}
