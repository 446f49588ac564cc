import AWSControl

/// An endpoint and its variants, with their configuration.
package struct EndpointState: Sendable {
  package let name: String
  /// `InService`, `Updating`, `Creating`, `Failed`, ….
  package let status: String
  package let failureReason: String?
  package let variants: [Variant]

  package struct Variant: Sendable {
    package let name: String
    /// For example `ml.m5.xlarge`; nil when it is serverless.
    package let instanceType: String?
    package let isServerless: Bool
    /// Whether the variant has a model; without one it hosts inference components.
    package let hasModel: Bool
    package let currentInstanceCount: Int
    package let desiredInstanceCount: Int
    package let currentWeight: Double?
    package let desiredWeight: Double?

    /// Whether all desired instances serve.
    package var isSettled: Bool {
      currentInstanceCount == desiredInstanceCount && currentWeight == desiredWeight
    }
  }

  /// Reads the endpoint and its configuration: two calls.
  ///
  /// - Throws: `AWSError`, for example for a missing endpoint (`ValidationException`).
  package static func read(
    endpointName: String, with client: ControlClient
  ) throws -> EndpointState {
    let endpoint = try client.read(DescribeEndpoint(endpointName: endpointName))
    // An endpoint that is being created has none yet.
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
          "Endpoint \(self.name) has \(variants.count) variants: \(names)",
          advice: "Choose one with --variant")
      }
      return variants[0]
    }
    guard let variant = variants.first(where: { $0.name == name }) else {
      throw Refusal("Endpoint \(self.name) has no variant \(name)", advice: "It has \(names)")
    }
    return variant
  }

  /// Checks that the endpoint accepts changes.
  ///
  /// - Throws: `Refusal` unless it is in service.
  func requireInService() throws {
    guard status != "InService" else { return }
    throw Refusal(
      "Endpoint \(name) is \(status)" + (failureReason.map { ": \($0)" } ?? ""),
      advice: status == "Failed"
        ? "A failed endpoint must be created again" : "Wait until it is InService")
  }
}
