import AWSControl
import Endpoints
import Platform

/// An endpoint as text and as JSON.
enum EndpointListing {
  static func text(_ report: EndpointReport) -> String {
    let endpoint = report.endpoint
    let metric = endpoint.kind.trackedMetric(endpointName: endpoint.name).name
    var variants = Table(
      "variant", "type", "now", "desired", "weight", "bounds", "target", "cooldown in", "out")
    for variant in endpoint.variants {
      let scaling = report.scaling[variant.name]
      let policy = scaling?.policy(tracking: metric)?.targetTracking
      let instances = variant.isServerless ? nil : variant
      variants.add(
        variant.name, variant.isServerless ? "serverless" : variant.instanceType ?? "",
        instances.map { String($0.currentInstanceCount) } ?? "",
        instances.map { String($0.desiredInstanceCount) } ?? "",
        variant.currentWeight.map(number) ?? "",
        scaling.map {
          "\($0.target.minimumCapacity)-\($0.target.maximumCapacity)"
            + ScalingListing.limits($0, metric: metric)
        } ?? "",
        policy.map { target($0.target, endpoint.kind) } ?? "",
        seconds(policy?.scaleInCooldownSeconds), seconds(policy?.scaleOutCooldownSeconds))
    }
    let kind = endpoint.kind == .realTime ? "" : ", \(endpoint.kind.text)"
    var lines = [
      VisibleText.escaped(
        "\(endpoint.name) is \(endpoint.status)\(kind)"
          + (endpoint.failureReason.map { ": \($0)" } ?? "")),
      "", variants.text,
    ]
    let facts = EndpointKindListing.lines(report)
    if !facts.isEmpty { lines += [""] + facts.map { VisibleText.escaped($0) } }
    let schedules = endpoint.variants.flatMap { variant in
      (report.scaling[variant.name]?.schedules ?? []).map { "\(variant.name): \($0.text)" }
    }
    if !schedules.isEmpty { lines += [""] + schedules.map { VisibleText.escaped($0) } }
    var activities = Table("when", "variant", "status", "what", "why")
    for variant in endpoint.variants {
      for activity in report.activities[variant.name] ?? [] {
        activities.add(
          Text.time(unixSeconds: activity.startTime), variant.name, activity.statusCode,
          activity.description,
          reason(activity))
      }
    }
    if !activities.rows.isEmpty { lines += ["", activities.text] }
    return lines.joined(separator: "\n")
  }

  static func json(_ report: EndpointReport) -> OperationInput {
    [
      "endpointName": report.endpoint.name, "status": report.endpoint.status,
      "failureReason": report.endpoint.failureReason, "kind": report.endpoint.kind.rawValue,
      "asynchronous": report.endpoint.asynchronous.map(EndpointKindListing.json),
      "queue": report.endpoint.kind == .asynchronous
        ? report.metrics.map(EndpointKindListing.queue) : nil,
      "lastHour": report.metrics?.lastHour,
      "variants": report.endpoint.variants.map { variant in
        [
          "name": variant.name, "instanceType": variant.instanceType,
          "isServerless": variant.isServerless,
          "serverless": variant.serverless.map(EndpointKindListing.json),
          "currentInstanceCount": variant.currentInstanceCount,
          "desiredInstanceCount": variant.desiredInstanceCount,
          "currentWeight": variant.currentWeight, "desiredWeight": variant.desiredWeight,
          "scaling": report.scaling[variant.name].map(ScalingListing.json),
          "activities": report.activities[variant.name]?.map(json),
        ] as OperationInput
      }, "notes": report.notes,
    ]
  }

  private static func json(_ activity: ScalingActivity) -> OperationInput {
    [
      "startTime": Text.time(unixSeconds: activity.startTime), "status": activity.statusCode,
      "statusMessage": activity.statusMessage, "description": activity.description,
      "cause": activity.cause, "notScaledReasons": activity.notScaledReasons,
    ]
  }

  private static func reason(_ activity: ScalingActivity) -> String {
    ([activity.cause] + (activity.statusMessage.map { [$0] } ?? [])
      + activity.notScaledReasons).filter { !$0.isEmpty }.joined(separator: "; ")
  }

  /// `600/min`, `5 waiting`, `70 %`
  private static func target(_ value: Double, _ kind: EndpointKind) -> String {
    switch kind {
    case .realTime: "\(number(value))/min"
    case .asynchronous: "\(number(value)) waiting"
    case .serverless: Text.percent(value)
    }
  }

  /// `70`, `70.5`
  static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
  }

  private static func seconds(_ value: Int?) -> String { value.map { "\($0) s" } ?? "" }
}
