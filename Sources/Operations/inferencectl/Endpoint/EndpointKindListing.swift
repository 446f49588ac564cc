import AWSControl
import Endpoints

/// What only serverless and asynchronous endpoints have, as text and as JSON.
enum EndpointKindListing {
  /// None for a real-time endpoint.
  static func lines(_ report: EndpointReport) -> [String] {
    switch report.endpoint.kind {
    case .realTime: []
    case .serverless:
      report.endpoint.variants.compactMap { variant in
        variant.serverless.map { "\(variant.name): \($0.text)" }
      } + hour(report.metrics)
    case .asynchronous:
      queue(report) + (report.endpoint.asynchronous.map(paths) ?? []) + hour(report.metrics)
    }
  }

  /// `queue: 12 waiting or under way, 6 per instance, the oldest for 5 min 40 s`
  private static func queue(_ report: EndpointReport) -> [String] {
    guard let metrics = report.metrics else { return [] }
    guard let backlog = metrics.backlog else { return ["queue: no data in the last 15 minutes"] }
    let parts = [
      "\(EndpointListing.number(backlog)) waiting or under way",
      metrics.backlogPerInstance.map { "\(EndpointListing.number($0)) per instance" },
      metrics.ageOfOldestSeconds.map { "the oldest for \(Text.duration(seconds: $0))" },
      metrics.hasBacklogWithoutCapacity == true ? "no instance for them" : nil,
    ].compactMap { $0 }
    return ["queue: \(parts.joined(separator: ", "))"]
  }

  private static func paths(_ configuration: AsynchronousConfiguration) -> [String] {
    let topics = [
      configuration.successTopicARN.map { "success \($0)" },
      configuration.errorTopicARN.map { "error \($0)" },
    ].compactMap { $0 }
    return [
      "answers: \(configuration.outputPath)",
      "failures: \(configuration.failurePath ?? "not stored")",
      "topics: \(topics.isEmpty ? "none" : topics.joined(separator: ", "))",
    ]
  }

  /// `last hour: ExpiredRequests 2, InvocationFailures 1`
  private static func hour(_ metrics: EndpointMetrics?) -> [String] {
    guard let metrics else { return [] }
    let counts = metrics.lastHour.filter { $0.value != 0 }.sorted { $0.key < $1.key }.map {
      name, value in
      name.hasSuffix("Utilization")
        ? "\(name) up to \(Text.percent(value))" : "\(name) \(EndpointListing.number(value))"
    }
    return ["last hour: \(counts.isEmpty ? "nothing to report" : counts.joined(separator: ", "))"]
  }

  // MARK: JSON

  static func json(_ configuration: ServerlessConfiguration) -> OperationInput {
    [
      "memoryMegabytes": configuration.memoryMegabytes,
      "maximumConcurrency": configuration.maximumConcurrency,
      "provisionedConcurrency": configuration.provisionedConcurrency ?? 0,
    ]
  }

  static func json(_ configuration: AsynchronousConfiguration) -> OperationInput {
    [
      "outputPath": configuration.outputPath, "failurePath": configuration.failurePath,
      "kmsKeyId": configuration.kmsKeyID, "successTopic": configuration.successTopicARN,
      "errorTopic": configuration.errorTopicARN,
      "maximumInvocationsPerInstance": configuration.maximumInvocationsPerInstance,
    ]
  }

  /// A member without data in the last 15 minutes is left out.
  static func queue(_ metrics: EndpointMetrics) -> OperationInput {
    [
      "backlog": metrics.backlog, "backlogPerInstance": metrics.backlogPerInstance,
      "ageOfOldestSeconds": metrics.ageOfOldestSeconds,
      "hasBacklogWithoutCapacity": metrics.hasBacklogWithoutCapacity,
    ]
  }
}
