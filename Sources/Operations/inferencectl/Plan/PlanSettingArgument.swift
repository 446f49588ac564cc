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
    guard words.allSatisfy({ Self.keys.contains($0.key) }) else { return nil }
  }

  /// The setting as a scenario of this planner.
  ///
  /// - Throws: `ValidationError` that names the word.
  func scenario(_ planner: Planner, _ option: String) throws -> Scenario {
    var scenario = planner.scenario(ConcurrencySettings(), planner.endpoint)
    func wrong(_ word: (key: String, value: String), _ form: String) -> ValidationError {
      ValidationError("\(option) \(text): \(word.key) must be \(form).")
    }
    for word in words {
      switch word.key {
      case "none": break
      case "reserved":
        guard let count = Int(word.value), count >= 0 else {
          throw wrong(word, "a number from 0 on")
        }
        scenario.concurrency.reserved = count
      case "provisioned":
        guard let settings = Self.provisioned(word.value) else {
          throw wrong(word, "a number, or minimum-maximum@utilization such as 2-9@0.7")
        }
        scenario.concurrency.provisioned = settings
      case "instances":
        guard scenario.endpoint != nil else { throw wrong(word, "used with --service-time") }
        guard Self.apply(word.value, to: &scenario) else {
          throw wrong(word, "a number, or minimum-maximum@invocations per minute such as 1-4@600")
        }
      case "type":
        guard
          let model = planner.endpoints.first(where: {
            $0.instanceType == word.value && $0.serverless == nil
          })
        else {
          throw wrong(
            word, "an instance type with a --service-time: --service-time \(word.value)=150ms")
        }
        let count = scenario.endpoint?.instances ?? 1
        scenario.endpoint = model
        scenario.endpoint?.instances = max(1, count)
      case "serverless", "serverless-provisioned":
        guard let count = Int(word.value), count >= 0,
          let model = planner.endpoints.first(where: { $0.serverless != nil }),
          var serverless = scenario.endpoint?.serverless ?? model.serverless
        else { throw wrong(word, "a number, with --serverless giving the memory and time") }
        if word.key == "serverless" {
          serverless.maximumConcurrency = count
        } else {
          serverless.provisioned = count
        }
        scenario.endpoint = model
        scenario.endpoint?.kind = .serverless(serverless)
      case "memory":
        guard let megabytes = Int(word.value) else { throw wrong(word, "a number of MB") }
        let match = planner.variants.first { $0.memoryMegabytes == megabytes }
        if let match { scenario.function = match }
        scenario.function.memoryMegabytes = megabytes
      default:
        guard let architecture = FunctionModel.Architecture(rawValue: word.value) else {
          throw wrong(word, "x86_64 or arm64")
        }
        scenario.function.architecture = architecture
      }
    }
    return scenario
  }

  private static func provisioned(_ text: String) -> ProvisionedConcurrency? {
    if let count = Int(text) { return count > 0 ? .fixed(count) : nil }
    guard let range = ranged(text), range.target > 0, range.target <= 1 else { return nil }
    return .autoscaled(
      TargetTracking(minimum: range.least, maximum: range.most, target: range.target))
  }

  private static func apply(_ text: String, to scenario: inout Scenario) -> Bool {
    if let count = Int(text) {
      scenario.endpoint?.instances = count
      scenario.endpoint?.tracking = nil
      return true
    }
    guard let range = ranged(text), range.target > 0 else { return false }
    scenario.endpoint?.instances = range.least
    scenario.endpoint?.tracking = TargetTracking(
      minimum: range.least, maximum: range.most, target: range.target,
      scaleOutCooldown: .seconds(300), scaleInCooldown: .seconds(300))
    return true
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
