import JSON

/// One line per invocation in CloudWatch's embedded metric format, from which CloudWatch extracts
/// metrics without an API call.
///
/// Namespace `SageMakerImageInference`, dimension `Endpoint`; docs/configuration.md lists the metrics. Values of
/// several images are lists; CloudWatch accepts up to 100 values, and 100 metrics of a line.
/// Source:
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
struct Metrics {
  private static let maximumValues = 100
  /// Error types with a metric of their own.
  private static let maximumTypes = 80

  private let endpointName: String
  private let counts: [(name: String, value: Int64)]
  private let lists: [(name: String, unit: String, values: [Double])]

  init(_ outcomes: [ImageTask.Outcome], retryCount: Int, _ endpointName: String) {
    self.endpointName = endpointName
    var totals: (failures: Int64, rejections: Int64) = (0, 0)
    var types: [String: Int64] = [:]
    for outcome in outcomes {
      guard case .failure(let error) = outcome, !error.isFolder else { continue }
      if error.isRejection { totals.rejections += 1 } else { totals.failures += 1 }
      types[(error.isRejection ? "Rejections." : "Failures.") + error.errorType, default: 0] += 1
    }
    var counts: [(name: String, value: Int64)] = [
      ("Images", Int64(outcomes.count)), ("Failures", totals.failures),
      ("Rejections", totals.rejections), ("Retries", Int64(retryCount)),
    ]
    if !types.isEmpty {
      counts += types.sorted { $0.key < $1.key }.prefix(Self.maximumTypes)
        .map { ($0.key, $0.value) }
    }
    self.counts = counts
    let classified = outcomes.compactMap { try? $0.get() }
    let measured = classified.map(\.measurements)
    lists = [
      ("S3Milliseconds", "Milliseconds", measured.map { Double($0.s3Milliseconds) }),
      ("EndpointMilliseconds", "Milliseconds", measured.map { Double($0.endpointMilliseconds) }),
      ("ImageBytes", "Bytes", measured.map { Double($0.imageBytes) }),
      ("TopProbability", "None", classified.compactMap(\.best.probability)),
    ].filter { !$0.values.isEmpty }
  }

  /// A response that failed although its image was classified.
  init(failureOfResponse errorType: String, _ endpointName: String) {
    self.endpointName = endpointName
    counts = [("Failures", 1), ("Failures.\(errorType)", 1)]
    lists = []
  }

  /// For `Log.unfiltered`.
  func object(unixMilliseconds: Int64) -> [UInt8] {
    var writer = JSONWriter(reservingCapacity: 1_024)
    writer.beginObject()
    writer.key("_aws")
    writeDirective(unixMilliseconds, to: &writer)
    writer.key("Endpoint")
    writer.string(endpointName)
    for (name, value) in counts {
      writer.key(name)
      writer.integer(value)
    }
    for (name, _, values) in lists {
      writer.key(name)
      writer.beginArray()
      for value in values.prefix(Self.maximumValues) { writer.double(value) }
      writer.endArray()
    }
    writer.endObject()
    return writer.bytes
  }

  private func writeDirective(_ unixMilliseconds: Int64, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("Timestamp")
    writer.integer(unixMilliseconds)
    writer.key("CloudWatchMetrics")
    writer.beginArray()
    writer.beginObject()
    writer.key("Namespace")
    writer.string("SageMakerImageInference")
    writer.key("Dimensions")
    writer.beginArray()
    writer.beginArray()
    writer.string("Endpoint")
    writer.endArray()
    writer.endArray()
    writer.key("Metrics")
    writer.beginArray()
    for (name, _) in counts { writeDefinition(name, unit: "Count", to: &writer) }
    for (name, unit, _) in lists { writeDefinition(name, unit: unit, to: &writer) }
    writer.endArray()
    writer.endObject()
    writer.endArray()
    writer.endObject()
  }

  private func writeDefinition(_ name: String, unit: String, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("Name")
    writer.string(name)
    writer.key("Unit")
    writer.string(unit)
    writer.endObject()
  }
}
