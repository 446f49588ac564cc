import AWSControl

/// An endpoint as it is, its variants with what the configuration says of them.
package struct EndpointState: Sendable {
  /// The name.
  package let name: String
  /// `InService`, `Updating`, `Creating`, `Failed`, ….
  package let status: String
  /// Why it failed.
  package let failureReason: String?
  /// The production variants.
  package let variants: [Variant]

  /// A production variant.
  package struct Variant: Sendable {
    /// The name.
    package let name: String
    /// As `ml.m5.xlarge`; nil when it is serverless.
    package let instanceType: String?
    /// Whether it is serverless.
    package let isServerless: Bool
    /// Whether a model is its own; without one it hosts inference components.
    package let hasModel: Bool
    /// Instances that serve now.
    package let currentInstanceCount: Int
    /// Instances that shall serve.
    package let desiredInstanceCount: Int
    /// Its weight now.
    package let currentWeight: Double?
    /// Its weight to be.
    package let desiredWeight: Double?

    /// Whether every instance that shall serve does.
    package var isSettled: Bool {
      currentInstanceCount == desiredInstanceCount && currentWeight == desiredWeight
    }
  }

  /// Reads the endpoint and its configuration: two calls.
  ///
  /// - Throws: `AWSError`, as when there is no such endpoint (`ValidationException`).
  package static func read(
    endpointName: String, with client: ControlClient
  ) throws -> EndpointState {
    let endpoint = try client.read(DescribeEndpoint(endpointName: endpointName))
    // An endpoint that is being made has none yet.
    let configured =
      try endpoint.endpointConfigName.map {
        try client.read(DescribeEndpointConfig(endpointConfigName: $0)).variants
      } ?? []
    return EndpointState(
      name: endpoint.endpointName, status: endpoint.status, failureReason: endpoint.failureReason,
      variants: endpoint.variants.map { variant in
        let configuration = configured.first { $0.name == variant.name }
        return Variant(
          name: variant.name, instanceType: configuration?.instanceType,
          isServerless: configuration?.isServerless ?? false,
          hasModel: configuration.map { $0.modelName != nil } ?? true,
          currentInstanceCount: variant.currentInstanceCount ?? 0,
          desiredInstanceCount: variant.desiredInstanceCount ?? 0,
          currentWeight: variant.currentWeight, desiredWeight: variant.desiredWeight)
      })
  }

  /// The variant of a name, or the only one.
  ///
  /// - Throws: `Refusal` that lists the variants.
  package func variant(_ name: String?) throws -> Variant {
    let names = variants.map(\.name).joined(separator: ", ")
    guard let name else {
      guard variants.count == 1 else {
        throw Refusal(
          "The endpoint \(self.name) has \(variants.count) variants: \(names)",
          advice: "Say which one with --variant")
      }
      return variants[0]
    }
    guard let variant = variants.first(where: { $0.name == name }) else {
      throw Refusal("The endpoint \(self.name) has no variant \(name)", advice: "It has \(names)")
    }
    return variant
  }

  /// Checks that it takes changes.
  ///
  /// - Throws: `Refusal` unless it is in service.
  func requireInService() throws {
    guard status != "InService" else { return }
    throw Refusal(
      "The endpoint \(name) is \(status)" + (failureReason.map { ": \($0)" } ?? ""),
      advice: status == "Failed"
        ? "An endpoint that failed has to be made anew" : "Wait until it is InService")
  }
}
