import ArgumentParser
import CapacityPlanner

/// `reserved=20,instances=2`: a setting to price, for `--present` and `--what-if`.
struct PlanSettingArgument: ExpressibleByArgument {
  let text: String
  private let words: [(key: String, value: String)]

  static let keys = [
    "none", "reserved", "provisioned", "instances", "type", "serverless", "serverless-provisioned",
    "memory", "arch",
  ]

  init?(argument: String) {
    text = argument
    words = argument.split(separator: ",", omittingEmptySubsequences: false).map { word in
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      return (parts.first ?? "", parts.count > 1 ? parts[1] : "")
    }
    guard words.allSatisfy({ Self.keys.contains($0.key) }),
      Set(words.map(\.key)).count == words.count
    else { return nil }
  }

  /// The setting as a scenario of this planner.
  ///
  /// - Throws: `ValidationError` that names the word.
  func scenario(_ planner: Planner, _ option: String) throws -> Scenario {
    var scenario = planner.scenario(ConcurrencySettings(), planner.endpoint)
    for word in words {
      if let form = Self.apply(word.key, word.value, planner, &scenario) {
        throw ValidationError("\(option) \(text): \(word.key) must be \(form).")
      }
    }
    return scenario
  }

  /// - Returns: nil, or what the value must be.
  private static func apply(
    _ key: String, _ value: String, _ planner: Planner, _ scenario: inout Scenario
  ) -> String? {
    switch key {
    case "none": return nil
    case "reserved":
      guard let count = Int(value), count >= 0 else { return "a number from 0 on" }
      scenario.concurrency.reserved = count
    case "provisioned":
      guard let settings = provisioned(value) else {
        return "a number, or minimum-maximum@utilization such as 2-9@0.7"
      }
      scenario.concurrency.provisioned = settings
    case "instances": return applyInstances(value, &scenario)
    case "type": return applyType(value, planner, &scenario)
    case "serverless", "serverless-provisioned":
      return applyServerless(key, value, planner, &scenario)
    case "memory":
      guard let megabytes = Int(value) else { return "a number of MB" }
      let match = planner.variants.first { $0.memoryMegabytes == megabytes }
      if let match { scenario.function = match }
      scenario.function.memoryMegabytes = megabytes
    default:
      guard let architecture = FunctionModel.Architecture(rawValue: value) else {
        return "x86_64 or arm64"
      }
      scenario.function.architecture = architecture
    }
    return nil
  }

  private static func applyType(
    _ value: String, _ planner: Planner, _ scenario: inout Scenario
  ) -> String? {
    let models = planner.endpoints.filter { $0.serverless == nil }
    guard let model = models.first(where: { $0.instanceType == value }) else {
      return "an instance type with a --service-time: --service-time \(value)=150ms"
    }
    let count = scenario.endpoint?.instances ?? 1
    scenario.endpoint = model
    scenario.endpoint?.instances = max(1, count)
    return nil
  }

  private static func applyServerless(
    _ key: String, _ value: String, _ planner: Planner, _ scenario: inout Scenario
  ) -> String? {
    guard let count = Int(value), count >= 0,
      let model = planner.endpoints.first(where: { $0.serverless != nil }),
      var serverless = scenario.endpoint?.serverless ?? model.serverless
    else { return "a number, with --serverless giving the memory and time" }
    if key == "serverless" {
      serverless.maximumConcurrency = count
    } else {
      serverless.provisioned = count
    }
    scenario.endpoint = model
    scenario.endpoint?.kind = .serverless(serverless)
    return nil
  }

  private static func provisioned(_ text: String) -> ProvisionedConcurrency? {
    if let count = Int(text) { return count > 0 ? .fixed(count) : nil }
    guard let range = ranged(text), range.target > 0, range.target <= 1 else { return nil }
    return .autoscaled(
      TargetTracking(minimum: range.least, maximum: range.most, target: range.target))
  }

  private static func applyInstances(_ text: String, _ scenario: inout Scenario) -> String? {
    guard scenario.endpoint != nil else { return "used with --service-time" }
    if let count = Int(text) {
      scenario.endpoint?.instances = count
      scenario.endpoint?.tracking = nil
      return nil
    }
    guard let range = ranged(text), range.target > 0 else {
      return "a number, or minimum-maximum@invocations per minute such as 1-4@600"
    }
    scenario.endpoint?.instances = range.least
    scenario.endpoint?.tracking = TargetTracking(
      minimum: range.least, maximum: range.most, target: range.target,
      scaleOutCooldown: .seconds(300), scaleInCooldown: .seconds(300))
    return nil
  }

  /// `2-9@0.7`
  private static func ranged(_ text: String) -> (least: Int, most: Int, target: Double)? {
    let parts = text.split(separator: "@", maxSplits: 1)
    let bounds = (parts.first ?? "").split(separator: "-", maxSplits: 1).compactMap { Int($0) }
    guard parts.count == 2, bounds.count == 2, bounds[0] <= bounds[1], let target = Double(parts[1])
    else { return nil }
    return (bounds[0], bounds[1], target)
  }
}
