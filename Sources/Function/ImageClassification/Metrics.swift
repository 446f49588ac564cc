import JSON
import Platform

/// One line per invocation in CloudWatch's embedded metric format, from which CloudWatch extracts
/// metrics without an API call.
///
/// Namespace `SageMakerImageInference`, dimension `Endpoint`; docs/configuration.md lists the metrics. Images and
/// failures also by function and version, so that two versions of a canary can be compared. Values of several images
/// are lists; CloudWatch accepts up to 100 values, and 100 metrics of a line.
/// Source:
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
struct Metrics {
  private static let maximumValues = 100
  /// Error types with a metric of their own.
  private static let maximumTypes = 80

  /// Whose metrics they are.
  struct Origin {
    let endpointName: JSONString
    /// Nil outside Lambda.
    let version: (functionName: JSONString, number: JSONString)?

    init(endpointName: String, environment: Environment) {
      self.endpointName = JSONString(endpointName)
      version =
        if let name = environment["AWS_LAMBDA_FUNCTION_NAME"],
          let number = environment["AWS_LAMBDA_FUNCTION_VERSION"]
        { (JSONString(name), JSONString(number)) } else { nil }
    }
  }

  private let origin: Origin
  private let counts: [(name: JSONString, value: Int64)]
  private let lists: [(name: JSONString, unit: JSONString, values: [Double])]

  init(_ outcomes: [ImageTask.Outcome], retryCount: Int, _ origin: Origin) {
    self.origin = origin
    var totals: (failures: Int64, rejections: Int64) = (0, 0)
    var types = [String: Int64]()
    for outcome in outcomes {
      guard case .failure(let error) = outcome, !error.isSkipped else { continue }
      if error.isRejection { totals.rejections += 1 } else { totals.failures += 1 }
      types[(error.isRejection ? "Rejections." : "Failures.") + error.errorType, default: 0] += 1
    }
    var counts: [(name: JSONString, value: Int64)] = [
      (Names.images, Int64(outcomes.count)), (Names.failures, totals.failures),
      (Names.rejections, totals.rejections), (Names.retries, Int64(retryCount)),
    ]
    let processed = outcomes.compactMap { try? $0.get() }
    let classified = processed.compactMap(\.classification)
    if classified.count < processed.count {
      counts.append((JSONString("Accepted"), Int64(processed.count - classified.count)))
    }
    if !types.isEmpty {
      counts += types.sorted { $0.key < $1.key }.prefix(Self.maximumTypes)
        .map { (JSONString($0.key), $0.value) }
    }
    self.counts = counts
    let measured = classified.compactMap(\.measurements)
    lists = [
      (
        Names.s3Milliseconds, Names.milliseconds, measured.map { Double($0.s3Milliseconds) }
      ),
      (
        Names.endpointMilliseconds, Names.milliseconds,
        measured.map { Double($0.endpointMilliseconds) }
      ),
      (Names.imageBytes, Names.bytes, measured.map { Double($0.imageBytes) }),
      (Names.topProbability, Names.none, classified.compactMap(\.best.probability)),
    ].filter { !$0.values.isEmpty }
  }

  /// A response that failed although its image was classified.
  init(failureOfResponse errorType: String, _ origin: Origin) {
    self.origin = origin
    counts = [(Names.failures, 1), (JSONString("Failures.\(errorType)"), 1)]
    lists = []
  }

  /// For `Log.unfilteredLine`.
  func object(unixMilliseconds: Int64) -> [UInt8] {
    var writer = JSONWriter(reservingCapacity: 1_024)
    writer.beginObject()
    writer.key("_aws")
    writeDirectives(unixMilliseconds, to: &writer)
    writer.key(Names.endpoint)
    writer.string(origin.endpointName)
    if let version = origin.version {
      writer.key(Names.functionName)
      writer.string(version.functionName)
      writer.key(Names.executedVersion)
      writer.string(version.number)
    }
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

  private func writeDirectives(_ unixMilliseconds: Int64, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("Timestamp")
    writer.integer(unixMilliseconds)
    writer.key("CloudWatchMetrics")
    writer.json(directives)
    writer.endObject()
  }

  /// Those of images without an error, which nearly all lines have, are written once.
  private var directives: [UInt8] {
    let hasVersion = origin.version != nil
    guard counts.count == Self.usualCounts.count, counts[0].name === Names.images, lists.count == 4
    else {
      return Self.directives(counts.map(\.name), lists.map { ($0.name, $0.unit) }, hasVersion)
    }
    return hasVersion ? Self.usualDirectivesWithVersion : Self.usualDirectives
  }

  private static let usualCounts = [Names.images, Names.failures, Names.rejections, Names.retries]
  private static let usualLists = [
    (Names.s3Milliseconds, Names.milliseconds), (Names.endpointMilliseconds, Names.milliseconds),
    (Names.imageBytes, Names.bytes), (Names.topProbability, Names.none),
  ]
  private static let usualDirectives = directives(usualCounts, usualLists, false)
  private static let usualDirectivesWithVersion = directives(usualCounts, usualLists, true)

  private static func directives(
    _ counts: [JSONString], _ lists: [(name: JSONString, unit: JSONString)], _ hasVersion: Bool
  ) -> [UInt8] {
    var writer = JSONWriter(reservingCapacity: 1_024)
    writer.beginArray()
    beginDirective([Names.endpoint], in: &writer)
    for name in counts { writeDefinition(name, unit: Names.count, to: &writer) }
    for (name, unit) in lists { writeDefinition(name, unit: unit, to: &writer) }
    endDirective(in: &writer)
    if hasVersion {
      beginDirective([Names.functionName, Names.executedVersion], in: &writer)
      for name in counts where name === Names.images || name === Names.failures {
        writeDefinition(name, unit: Names.count, to: &writer)
      }
      endDirective(in: &writer)
    }
    writer.endArray()
    return writer.bytes
  }

  private static func beginDirective(_ dimensions: [JSONString], in writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("Namespace")
    writer.string("SageMakerImageInference")
    writer.key("Dimensions")
    writer.beginArray()
    writer.beginArray()
    for name in dimensions { writer.string(name) }
    writer.endArray()
    writer.endArray()
    writer.key("Metrics")
    writer.beginArray()
  }

  private static func endDirective(in writer: inout JSONWriter) {
    writer.endArray()
    writer.endObject()
  }

  private static func writeDefinition(
    _ name: JSONString, unit: JSONString, to writer: inout JSONWriter
  ) {
    writer.beginObject()
    writer.key(Names.name)
    writer.string(name)
    writer.key(Names.unit)
    writer.string(unit)
    writer.endObject()
  }
}

/// What every line contains, escaped once.
private enum Names {
  static let endpoint = JSONString("Endpoint")
  static let functionName = JSONString("FunctionName")
  static let executedVersion = JSONString("ExecutedVersion")
  static let name = JSONString("Name")
  static let unit = JSONString("Unit")
  static let count = JSONString("Count")
  static let milliseconds = JSONString("Milliseconds")
  static let bytes = JSONString("Bytes")
  static let none = JSONString("None")
  static let images = JSONString("Images")
  static let failures = JSONString("Failures")
  static let rejections = JSONString("Rejections")
  static let retries = JSONString("Retries")
  static let s3Milliseconds = JSONString("S3Milliseconds")
  static let endpointMilliseconds = JSONString("EndpointMilliseconds")
  static let imageBytes = JSONString("ImageBytes")
  static let topProbability = JSONString("TopProbability")
}
