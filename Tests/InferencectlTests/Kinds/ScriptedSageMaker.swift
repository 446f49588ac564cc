import Archives
import Foundation
import JSON
import LoopbackServer

/// SageMaker, Application Auto Scaling, and CloudWatch in small: what was written is what is read.
final class ScriptedSageMaker: Sendable {
  struct State {
    var calls: [String] = []
    fileprivate var models: [String: JSONValue] = [:]
    fileprivate var configurations: [String: JSONValue] = [:]
    /// The configuration of the endpoint `dogs`; nil without one.
    fileprivate var configuration: String?
    /// As changed without another configuration.
    fileprivate var serverless: JSONObject?
    fileprivate var target: JSONObject?
    fileprivate var policies: [String: JSONObject] = [:]
    fileprivate var policyCount = 0
    fileprivate var alarms: [String: JSONObject] = [:]
    var instances = 1
    /// Latest values by the metric's name.
    var metrics: [String: Double] = [:]
  }

  private let state: Locked<State>
  private let server: LoopbackServer
  var baseURL: String { server.baseURL }

  init() throws {
    let state = Locked(State())
    self.state = state
    let files = ["model.pth", "labels.txt", "code/inference.py"]
    let archive = try Gzip.compress(
      Tar.pack(
        files.map { (name: $0, bytes: Array(($0 == "labels.txt" ? "cat\ndog\n" : "x").utf8)) }))
    server = try LoopbackServer { request, connection in
      if request.path.hasSuffix("/model.tar.gz") {
        return try connection.send(status: 200, body: archive)
      }
      let operation =
        request.header("X-Amz-Target")?.split(separator: ".").last.map(String.init)
        ?? (request.method == "GET" ? "GetFunctionConfiguration" : "InvokeEndpoint")
      let body = (try? JSONValue(parsing: request.body)) ?? .null
      let answer = state.withLock { state in
        state.calls.append(operation)
        return state.answer(operation, body)
      }
      try connection.send(
        status: answer["__type"] == nil ? 200 : 400, body: answer.serialized())
    }
  }

  deinit { server.stop() }

  func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }
  var calls: [String] { state.withLock { $0.calls } }
}

extension ScriptedSageMaker.State {
  fileprivate mutating func answer(_ operation: String, _ body: JSONValue) -> JSONValue {
    switch operation {
    case "InvokeEndpoint": return [[2.5, -1.5]]
    case "GetFunctionConfiguration":
      return [
        "FunctionName": "photo-classifier", "FunctionArn": "arn", "Version": "$LATEST",
        "Environment": ["Variables": ["IMAGE_BUCKET": "dog-photos", "IMAGE_PREFIX": "uploads/"]],
      ]
    case "GetMetricData": return metricData(body)
    case "DescribeAlarms", "PutMetricAlarm", "DeleteAlarms": return alarm(operation, body)
    case _ where operation.contains("Scal"): return scaling(operation, body)
    case "UpdateEndpointWeightsAndCapacities":
      let change = body["DesiredWeightsAndCapacities"]?[0]
      for member in change?["ServerlessUpdateConfig"]?.objectValue?.members ?? [] {
        if serverless == nil { serverless = configuredServerless }
        serverless?.set(member.key, to: member.value)
      }
      if let count = change?["DesiredInstanceCount"]?.int64Value { instances = Int(count) }
      return ["EndpointArn": "arn"]
    default: return hosting(operation, body)
    }
  }

  // MARK: Hosting

  private func found(_ value: JSONValue?) -> JSONValue {
    value ?? ["__type": "ValidationException", "message": "Could not find it"]
  }

  private var configuredServerless: JSONObject? {
    let configured = configuration.flatMap { configurations[$0] }
    return configured?["ProductionVariants"]?[0]?["ServerlessConfig"]?.objectValue
  }

  private var endpoint: JSONValue? {
    guard let configuration else { return nil }
    var variant: JSONObject = [
      "VariantName": "AllTraffic", "CurrentWeight": 1, "DesiredWeight": 1,
    ]
    if let serverless = serverless ?? configuredServerless {
      variant.set("CurrentServerlessConfig", to: .object(serverless))
    } else {
      variant.set("CurrentInstanceCount", to: .number(JSONNumber(Int64(instances))))
      variant.set("DesiredInstanceCount", to: .number(JSONNumber(Int64(instances))))
    }
    return [
      "EndpointName": "dogs", "EndpointArn": "arn", "EndpointConfigName": .string(configuration),
      "EndpointStatus": "InService", "ProductionVariants": [.object(variant)],
    ]
  }

  private mutating func hosting(_ operation: String, _ body: JSONValue) -> JSONValue {
    let model = body["ModelName"]?.stringValue ?? ""
    let name = body["EndpointConfigName"]?.stringValue ?? ""
    switch operation {
    case "CreateModel":
      models[model] = body
      return ["ModelArn": "arn"]
    case "CreateEndpointConfig":
      configurations[name] = body
      return ["EndpointConfigArn": "arn"]
    case "CreateEndpoint", "UpdateEndpoint":
      configuration = name
      serverless = nil
      return ["EndpointArn": "arn"]
    case "DescribeModel": return found(models[model])
    case "DescribeEndpointConfig": return found(configurations[name])
    case "DescribeEndpoint": return found(endpoint)
    case "DeleteModel": models[model] = nil
    case "DeleteEndpointConfig": configurations[name] = nil
    case "DeleteEndpoint": configuration = nil
    case "ListEndpointConfigs":
      return [
        "EndpointConfigs": .array(
          configurations.keys.sorted().map { ["EndpointConfigName": .string($0)] })
      ]
    case "ListModels":
      return ["Models": .array(models.keys.sorted().map { ["ModelName": .string($0)] })]
    default: break
    }
    return [:]
  }

  // MARK: Scaling

  private mutating func scaling(_ operation: String, _ body: JSONValue) -> JSONValue {
    switch operation {
    case "RegisterScalableTarget":
      var registered = target ?? ["ResourceId": body["ResourceId"] ?? .null]
      for name in ["MinCapacity", "MaxCapacity"] {
        if let value = body[name] { registered.set(name, to: value) }
      }
      target = registered
    case "DeregisterScalableTarget":
      target = nil
      policies = [:]
    case "DescribeScalableTargets":
      return ["ScalableTargets": .array(target.map { [.object($0)] } ?? [])]
    case "PutScalingPolicy":
      let name = body["PolicyName"]?.stringValue ?? ""
      policyCount += 1
      var policy = body.objectValue ?? [:]
      policy.set("PolicyARN", to: .string("arn:policy-\(policyCount)"))
      policies[name] = policy
      return ["PolicyARN": .string("arn:policy-\(policyCount)")]
    case "DescribeScalingPolicies":
      let sorted = policies.sorted { $0.key < $1.key }
      return ["ScalingPolicies": .array(sorted.map { .object($0.value) })]
    default: break
    }
    return [:]
  }

  private mutating func alarm(_ operation: String, _ body: JSONValue) -> JSONValue {
    switch operation {
    case "PutMetricAlarm":
      var alarm = body.objectValue ?? [:]
      alarm.set("StateValue", to: "OK")
      alarms[body["AlarmName"]?.stringValue ?? ""] = alarm
    case "DeleteAlarms":
      for name in body["AlarmNames"]?.arrayValue ?? [] { alarms[name.stringValue ?? ""] = nil }
    default:
      let names = body["AlarmNames"]?.arrayValue?.compactMap(\.stringValue)
      let found = alarms.filter { name, alarm in
        (names?.contains(name) ?? true)
          && (body["AlarmNamePrefix"]?.stringValue.map(name.hasPrefix) ?? true)
          && (body["ActionPrefix"].map { alarm["AlarmActions"]?.arrayValue?.contains($0) == true }
            ?? true)
      }
      return [
        "MetricAlarms": .array(found.sorted { $0.key < $1.key }.map { .object($0.value) })
      ]
    }
    return [:]
  }

  private func metricData(_ body: JSONValue) -> JSONValue {
    let results = (body["MetricDataQueries"]?.arrayValue ?? []).map { query -> JSONValue in
      let name = query["MetricStat"]?["Metric"]?["MetricName"]?.stringValue ?? ""
      let value = metrics[name].map { JSONValue.number(JSONNumber($0)) }
      return [
        "Id": query["Id"] ?? .null, "Values": .array(value.map { [$0] } ?? []),
        "Timestamps": .array(value == nil ? [] : [1_699_999_980]),
      ]
    }
    return ["MetricDataResults": .array(results)]
  }
}
