import AWSControl

/// Where an alias sends its traffic, without what does not matter in a concurrent change.
package struct AliasState: Equatable, Sendable {
  package var version: String
  /// Shares of other versions, 0 to 1; Lambda allows one other version.
  package var weights: [String: Double]

  package init(version: String, weights: [String: Double] = [:]) {
    self.version = version
    self.weights = weights
  }

  /// The state of an alias as read.
  package init(_ alias: AliasConfiguration) {
    self.init(version: alias.functionVersion, weights: alias.additionalVersionWeights)
  }

  /// A version's share of the traffic, 0 to 1.
  package func share(of version: String) -> Double {
    version == self.version ? 1 - weights.values.reduce(0, +) : weights[version] ?? 0
  }

  /// `version 5`, `version 5 (90 %) and version 6 (10 %)`.
  package var text: String {
    guard !weights.isEmpty else { return "version \(version)" }
    let others = weights.sorted { $0.key < $1.key }
    let own = 1 - weights.values.reduce(0, +)
    return "version \(version) (\(Share.text(own)))"
      + others.map { " and version \($0.key) (\(Share.text($0.value)))" }.joined()
  }
}

/// A share of the traffic as text.
package enum Share {
  /// `10 %`, `2.5 %`.
  package static func text(_ share: Double) -> String {
    let percent = (share * 1000).rounded() / 10
    return percent == percent.rounded() ? "\(Int(percent)) %" : "\(percent) %"
  }
}
