import JSON
import TestSupport

extension ScriptedLambda.State {
  mutating func answer(_ question: Question) throws(Refused) -> ScriptedServer.Answer {
    switch question.operation {
    case "GetMetricData": return metricData(question)
    case "DescribeScalableTargets": return describeScalableTargets(question)
    case "DescribeScalingPolicies":
      return .json(200, ["ScalingPolicies": .array(scalingPolicies[question.resourceID] ?? [])])
    case "DescribeScheduledActions": return .json(200, ["ScheduledActions": []])
    case "RegisterScalableTarget":
      if !scalableTargets.contains(question.resourceID) {
        scalableTargets.append(question.resourceID)
      }
      return .json(200, [:])
    case "PutScalingPolicy":
      scalingPolicies[question.resourceID] = [question.body]
      return .json(200, [:])
    case "DeregisterScalableTarget":
      scalableTargets.removeAll { $0 == question.resourceID }
      scalingPolicies[question.resourceID] = nil
      return .json(200, [:])
    case "DescribeAlarms": return describeAlarms(question)
    case "GetAccountSettings": return accountSettings()
    default: break
    }
    guard question.functionName == functionName else {
      throw .notFound("Function not found: \(question.functionName)")
    }
    switch question.operation {
    case "GetFunction": return try getFunction(question)
    case "GetFunctionConfiguration": return try getFunctionConfiguration(question)
    case "UpdateFunctionCode": return try updateFunctionCode(question)
    case "DeleteFunction": return try deleteVersion(question)
    case "ListVersionsByFunction":
      return page(([latest] + versions).map { json($0) }, "Versions", question)
    case "PublishVersion": return try publishVersion(question)
    case "ListFunctionEventInvokeConfigs":
      return .json(200, ["FunctionEventInvokeConfigs": []])
    case "Invoke":
      return .init(
        200, [("X-Amz-Executed-Version", question.subject)], bytes: smokeAnswer.serialized())
    case "ListAliases":
      let all = aliases.keys.sorted().compactMap { name in aliases[name].map { json($0, name) } }
      return page(all, "Aliases", question)
    case "CreateAlias": return try createAlias(question)
    case "GetAlias": return try getAlias(question)
    case "UpdateAlias": return try updateAlias(question)
    case "GetFunctionConcurrency": return .json(200, reservation)
    case "PutFunctionConcurrency": return try putReserved(question)
    case "DeleteFunctionConcurrency":
      reserved = nil
      return .init(204)
    case "ListProvisionedConcurrencyConfigs": return listProvisioned(question)
    case "GetProvisionedConcurrencyConfig": return try getProvisioned(question)
    case "PutProvisionedConcurrencyConfig": return try putProvisioned(question)
    case "DeleteProvisionedConcurrencyConfig":
      provisioned[question.subject] = nil
      return .init(204)
    default: throw .notFound("Unknown operation \(question.operation)")
    }
  }

  /// A part of a list, and the marker of the next one.
  func page(_ items: [JSONValue], _ key: String, _ question: Question) -> ScriptedServer.Answer {
    let start = Int(question.query["Marker"] ?? "") ?? 0
    let end = min(start + pageSize, items.count)
    return .json(
      200,
      [
        key: .array(Array(items[min(start, end)..<end])),
        "NextMarker": end < items.count ? .string("\(end)") : .null,
      ])
  }

  // MARK: Beside Lambda

  private func metricData(_ question: Question) -> ScriptedServer.Answer {
    let start = question.body["StartTime"]?.int64Value ?? 0
    let end = question.body["EndTime"]?.int64Value ?? 0
    let results = (question.body["MetricDataQueries"]?.arrayValue ?? []).map { query -> JSONValue in
      let metric = query["MetricStat"]?["Metric"]
      var dimensions: [String: String] = [:]
      for dimension in metric?["Dimensions"]?.arrayValue ?? [] {
        dimensions[dimension["Name"]?.stringValue ?? ""] = dimension["Value"]?.stringValue
      }
      let values = metrics(
        ScriptedLambda.MetricQuestion(
          name: metric?["MetricName"]?.stringValue ?? "",
          statistic: query["MetricStat"]?["Stat"]?.stringValue ?? "", dimensions: dimensions,
          start: start, end: end), self)
      let times = values.indices.map { JSONValue.number(JSONNumber(end - 60 * Int64($0 + 1))) }
      return [
        "Id": query["Id"] ?? "", "StatusCode": "Complete", "Timestamps": .array(times),
        "Values": .array(values.map { .number(JSONNumber($0)) }),
      ]
    }
    return .json(200, ["MetricDataResults": .array(results)])
  }

  private func describeAlarms(_ question: Question) -> ScriptedServer.Answer {
    let names = (question.body["AlarmNames"]?.arrayValue ?? []).compactMap(\.stringValue)
    let known = names.compactMap { name -> JSONValue? in
      alarms[name].map { ["AlarmName": .string(name), "StateValue": .string($0)] }
    }
    return .json(200, ["MetricAlarms": .array(known), "CompositeAlarms": []])
  }

  private func describeScalableTargets(_ question: Question) -> ScriptedServer.Answer {
    let asked = (question.body["ResourceIds"]?.arrayValue ?? []).compactMap(\.stringValue)
    let targets = scalableTargets.filter { asked.isEmpty || asked.contains($0) }.map {
      resource -> JSONValue in
      [
        "ServiceNamespace": "lambda", "ResourceId": .string(resource),
        "ScalableDimension": "lambda:function:ProvisionedConcurrency", "MinCapacity": 1,
        "MaxCapacity": 4, "RoleARN": "arn:aws:iam::123456789012:role/r",
        "CreationTime": 1_700_000_000,
      ]
    }
    return .json(200, ["ScalableTargets": .array(targets)])
  }
}

extension ScriptedServer.Answer {
  static func json(_ status: Int, _ body: JSONValue) -> ScriptedServer.Answer {
    .init(status, [("Content-Type", "application/json")], bytes: body.serialized())
  }

  /// Lambda's 429, with the time to wait.
  package static func throttled(retryAfterSeconds: Int) -> ScriptedServer.Answer {
    .init(
      429,
      [
        ("x-amzn-ErrorType", "TooManyRequestsException"), ("Retry-After", "\(retryAfterSeconds)"),
      ], body: #"{"Reason":"CallerRateLimitExceeded","Type":"User","message":"Rate Exceeded."}"#)
  }
}
