extension Alternative {
  /// The function's settings in a table's cell: `none`, `reserved 8`, `provisioned 2–9 at 0.7`.
  package var functionSummary: String {
    let settings = scenario.concurrency
    var words: [String] = []
    if let reserved = settings.reserved { words.append("reserved \(reserved)") }
    if let provisioned = settings.provisioned {
      if let tracking = provisioned.tracking {
        words.append(
          "provisioned \(tracking.minimum)–\(tracking.maximum) at \(Self.plain(tracking.target))")
      } else if provisioned.schedule.isEmpty {
        words.append("provisioned \(provisioned.initial)")
      } else {
        let amounts = provisioned.schedule.map(\.minimum)
        words.append("scheduled \(amounts.min() ?? 0)–\(amounts.max() ?? 0)")
      }
    }
    return words.isEmpty ? "none" : words.joined(separator: ", ")
  }

  /// The endpoint's instances in a table's cell: `3`, `1–4 at 600/min, 30 s`; nil without an endpoint.
  package var endpointSummary: String? {
    guard let endpoint = scenario.endpoint else { return nil }
    if let serverless = endpoint.serverless {
      return "serverless \(serverless.memoryMegabytes / 1024) GB ≤ \(serverless.maximumConcurrency)"
        + (serverless.provisioned > 0 ? ", \(serverless.provisioned) warm" : "")
    }
    guard let tracking = endpoint.tracking else { return "\(endpoint.instances)" }
    return
      "\(tracking.minimum)–\(tracking.maximum) at \(Self.plain(tracking.target))/min, "
      + DurationText.text(tracking.scaleInCooldown)
  }

  /// `70`, `0.7`
  static func plain(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }
}

extension Plan {
  /// What a person compares: the best of each kind and the front of cost and latency, cheapest first, no two equal. Of
  /// the front only steps that are worth a line: each a twentieth faster than the one before.
  package var highlights: [Alternative] {
    let kinds = Alternative.Kind.allCases.compactMap { best(of: $0) }
    var seen: Set<Scenario> = []
    var front: [Alternative] = []
    for candidate in paretoFront {
      guard let latency = candidate.promisedLatency else { continue }
      if let last = front.last?.promisedLatency, latency > last * 0.95 { continue }
      front.append(candidate)
    }
    let chosen = Set((kinds + front + [nearest]).map(\.scenario))
    return alternatives.filter {
      chosen.contains($0.scenario) && seen.insert($0.scenario).inserted
    }
  }
}
