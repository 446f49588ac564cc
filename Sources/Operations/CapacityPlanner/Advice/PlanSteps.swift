/// How an alternative is put in place: the `inferencectl` commands, or the parameters of `template.yaml`.
package struct PlanSteps: Sendable, Hashable {
  /// Commands for a shell, in order.
  package let commands: [String]
  /// The template's parameters, in order; the names are those of `template.yaml`.
  package let parameters: [Parameter]
  /// What to know of them, a sentence each.
  package let notes: [String]

  /// A parameter of the template.
  package struct Parameter: Sendable, Hashable {
    package let name: String
    /// Its value, "" for none.
    package let value: String
  }

  /// What the steps are about; placeholders in capitals stand where nothing is given.
  package struct Names: Sendable, Hashable {
    package var function: String
    /// Its alias with the provisioned concurrency.
    package var qualifier: String
    package var endpoint: String

    package init(
      function: String = "FUNCTION", qualifier: String = "live", endpoint: String = "ENDPOINT"
    ) {
      self.function = function
      self.qualifier = qualifier
      self.endpoint = endpoint
    }
  }

  /// - Parameter startUnixSeconds: the traffic's time zero, which turns a schedule into hours of the clock.
  package init(_ scenario: Scenario, names: Names = Names(), startUnixSeconds: Double?) {
    let concurrency = ConcurrencySteps(
      scenario.concurrency, names, startUnixSeconds: startUnixSeconds)
    let endpoint = scenario.endpoint.map { EndpointSteps($0, names) }
    let function = [
      ("MemoryMegabytes", "\(scenario.function.memoryMegabytes)"),
      ("Architecture", scenario.function.architecture.rawValue),
    ]
    commands = concurrency.commands + (endpoint?.commands ?? [])
    parameters = (concurrency.parameters + function + (endpoint?.parameters ?? [])).map {
      Parameter(name: $0.0, value: $0.1)
    }
    notes = concurrency.notes + (endpoint?.notes ?? [])
  }

  /// As `sam deploy --parameter-overrides` takes them.
  package var parameterOverrides: String {
    parameters.map { "\($0.name)=\($0.value.isEmpty ? "\"\"" : $0.value)" }.joined(separator: " ")
  }

  /// A word of a shell command.
  static func quoted(_ word: String) -> String {
    let isSafe =
      !word.isEmpty
      && word.utf8.allSatisfy { byte in
        DecimalText.isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
          || "-_.:/=$@".utf8.contains(byte) && byte != UInt8(ascii: "$")
      }
    return isSafe
      ? word
      : "'"
        + word.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "'\\''") + "'"
  }
}

/// The steps of the function's half.
private struct ConcurrencySteps {
  var commands: [String] = []
  var parameters: [(String, String)] = []
  var notes: [String] = []

  init(
    _ settings: ConcurrencySettings, _ names: PlanSteps.Names, startUnixSeconds: Double?
  ) {
    let function = "--function-name \(PlanSteps.quoted(names.function))"
    let alias = "\(function) --qualifier \(PlanSteps.quoted(names.qualifier))"
    if let reserved = settings.reserved {
      commands.append("inferencectl concurrency reserve \(reserved) \(function)")
    } else {
      commands.append("inferencectl concurrency unreserve \(function)")
    }
    parameters.append(("ReservedConcurrency", settings.reserved.map { "\($0)" } ?? ""))
    guard let provisioned = settings.provisioned else {
      commands.append("inferencectl concurrency deprovision \(alias)")
      parameters += [("ProvisionedConcurrency", "0"), ("ProvisionedConcurrencyMaximum", "0")]
      return
    }
    if let tracking = provisioned.tracking {
      let target = Alternative.plain(tracking.target)
      commands.append(
        "inferencectl concurrency autoscale \(alias) --min \(tracking.minimum) "
          + "--max \(tracking.maximum) --target \(target)")
      bounds(tracking.minimum, tracking.maximum)
      parameters.append(("ProvisionedUtilizationTarget", target))
    } else if provisioned.schedule.isEmpty {
      commands.append("inferencectl concurrency provision \(provisioned.initial) \(alias)")
      parameters += [
        ("ProvisionedConcurrency", "\(provisioned.initial)"),
        ("ProvisionedConcurrencyMaximum", "0"),
      ]
    } else {
      schedule(provisioned, alias, startUnixSeconds)
    }
    // An alias that splits its traffic cannot have provisioned concurrency.
    parameters.append(("DeploymentType", "AllAtOnce"))
  }

  private mutating func bounds(_ minimum: Int, _ maximum: Int) {
    parameters += [
      ("ProvisionedConcurrency", "\(max(1, minimum))"),
      ("ProvisionedConcurrencyMaximum", "\(max(1, maximum))"),
    ]
  }

  private mutating func schedule(
    _ provisioned: ProvisionedConcurrency, _ alias: String, _ startUnixSeconds: Double?
  ) {
    let entries = provisioned.clock?.entries ?? []
    let amounts = entries.map(\.amount) + [provisioned.initial]
    let least = amounts.min() ?? 0
    let most = max(provisioned.largest, 1)
    let zone = provisioned.clock?.timeZoneIdentifier ?? "UTC"
    let schedules = entries.map { " \\\n  --schedule '\($0.argument)'" }
    commands.append(
      "inferencectl concurrency autoscale \(alias) --min \(least) --max \(most)"
        + (["UTC", "GMT"].contains(zone) ? "" : " --timezone \(PlanSteps.quoted(zone))")
        + schedules.joined())
    bounds(least, most)
    notes.append(
      "The template has no parameters for a schedule: deploy its bounds, then run the command")
    if startUnixSeconds == nil {
      notes.append("The trace has no dates: its start is taken for midnight in the schedule")
    } else if zone == "UTC" || zone == "GMT" {
      notes.append(
        "The schedule's times are UTC; for traffic that follows a local clock plan with --timezone")
    }
  }
}

/// The steps of the endpoint's half.
private struct EndpointSteps {
  var commands: [String] = []
  var parameters: [(String, String)] = []
  var notes: [String] = []

  init(_ endpoint: EndpointModel, _ names: PlanSteps.Names) {
    if let serverless = endpoint.serverless {
      serverlessNotes(serverless)
      return
    }
    if endpoint.isAsynchronous {
      asynchronousNotes(endpoint)
      return
    }
    let name = "--endpoint-name \(PlanSteps.quoted(names.endpoint))"
    parameters = [
      ("HostModel", "true"), ("HostingInstanceType", endpoint.instanceType),
      ("HostingAutoscaling", endpoint.tracking == nil ? "false" : "true"),
    ]
    let (least, most) =
      endpoint.tracking.map { ($0.minimum, $0.maximum) } ?? (endpoint.instances, endpoint.instances)
    parameters += [
      ("HostingMinimumInstances", "\(least)"), ("HostingMaximumInstances", "\(most)"),
    ]
    if let tracking = endpoint.tracking {
      let target = Alternative.plain(tracking.target.rounded())
      let cooldowns = [tracking.scaleInCooldown, tracking.scaleOutCooldown].map {
        "\(Int($0.inSeconds.rounded()))"
      }
      commands.append(
        "inferencectl endpoint autoscale \(name) --min \(least) --max \(most) "
          + "--invocations-per-instance \(target) --scale-in-cooldown \(cooldowns[0]) "
          + "--scale-out-cooldown \(cooldowns[1])")
      parameters += [
        ("HostingInvocationsPerInstance", target),
        ("HostingScaleInCooldownSeconds", cooldowns[0]),
        ("HostingScaleOutCooldownSeconds", cooldowns[1]),
      ]
    } else {
      // A policy that is left from before would move the number again.
      commands += [
        "inferencectl endpoint autoscale off \(name)",
        "inferencectl endpoint capacity \(least) \(name)",
      ]
    }
    notes.append("The Hosting parameters count when the template hosts the model (HostModel=true)")
    if most > 100 { notes.append("The template hosts at most 100 instances") }
    if endpoint.instanceType.hasPrefix("ml.t") {
      notes.append(
        "The template takes no burstable instance types, such as \(endpoint.instanceType)")
    }
  }

  /// Neither inferencectl nor the template makes these kinds: what the configuration must hold.
  private mutating func serverlessNotes(_ model: ServerlessModel) {
    parameters = [("HostModel", "false")]
    let provisioned =
      model.provisioned > 0 ? ", ProvisionedConcurrency: \(model.provisioned)" : ""
    notes.append(
      "The endpoint's configuration needs ServerlessConfig {MemorySizeInMB: \(model.memoryMegabytes), MaxConcurrency: \(model.maximumConcurrency)\(provisioned)}"
    )
    notes.append("A cold call may take 4 min: the function's timeout must be above that")
  }

  private mutating func asynchronousNotes(_ endpoint: EndpointModel) {
    parameters = [("HostModel", "false")]
    let bounds =
      endpoint.tracking.map { "\($0.minimum) to \($0.maximum)" } ?? "\(endpoint.instances)"
    notes.append(
      "The endpoint's configuration needs AsyncInferenceConfig, \(bounds) × \(endpoint.instanceType)"
    )
    if let tracking = endpoint.tracking {
      notes.append(
        "Scale it on ApproximateBacklogSizePerInstance with the target \(Alternative.plain(tracking.target))"
          + (tracking.minimum == 0
            ? ", and add a step policy with an alarm of your own on HasBacklogWithoutCapacity, or it never leaves zero"
            : ""))
    }
  }
}
