import AWSControl

/// An endpoint and its variants, with their configuration.
package struct EndpointState: Sendable {
  package let name: String
  /// `InService`, `Updating`, `Creating`, `Failed`, ….
  package let status: String
  package let failureReason: String?
  package let kind: EndpointKind
  /// Nil for a real-time or serverless endpoint.
  package let asynchronous: AsynchronousConfiguration?
  package internal(set) var variants: [Variant]

  package struct Variant: Sendable {
    package let name: String
    /// For example `ml.m5.xlarge`; nil when it is serverless.
    package let instanceType: String?
    /// Memory and concurrency as they are, or are becoming; nil for a variant of instances.
    package let serverless: ServerlessConfiguration?
    /// Whether the variant has a model; without one it hosts inference components.
    package let hasModel: Bool
    package let currentInstanceCount: Int
    package let desiredInstanceCount: Int
    package let currentWeight: Double?
    package let desiredWeight: Double?
    /// Whether what is desired serves.
    package let isSettled: Bool

    package var isServerless: Bool { serverless != nil }

    init(_ variant: DescribeEndpoint.Variant, _ configuration: DescribeEndpointConfig.Variant?) {
      name = variant.name
      instanceType = configuration?.instanceType
      serverless = variant.effectiveServerless(configuration)
      hasModel = configuration.map { $0.modelName != nil } ?? true
      currentInstanceCount = variant.currentInstanceCount ?? 0
      desiredInstanceCount = variant.desiredInstanceCount ?? 0
      currentWeight = variant.currentWeight
      desiredWeight = variant.desiredWeight
      isSettled =
        currentInstanceCount == desiredInstanceCount && currentWeight == desiredWeight
        && (variant.desiredServerless == nil
          || variant.desiredServerless == variant.currentServerless)
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
    let configuration = try endpoint.endpointConfigName.map {
      try client.read(DescribeEndpointConfig(endpointConfigName: $0))
    }
    return EndpointState(
      name: endpoint.endpointName, status: endpoint.status, failureReason: endpoint.failureReason,
      kind: configuration?.kind ?? .realTime, asynchronous: configuration?.asynchronous,
      variants: endpoint.variants.map { variant in
        Variant(variant, configuration?.variants.first { $0.name == variant.name })
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

  /// What Application Auto Scaling scales of a variant: instances, or provisioned concurrency.
  package func resource(of variant: Variant) -> ScalableResource {
    .variant(variant.name, ofEndpoint: name, isServerless: variant.isServerless)
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

extension DescribeEndpoint.Variant {
  /// Concurrency can be changed without another configuration, so that the endpoint's own comes
  /// first.
  func effectiveServerless(
    _ configuration: DescribeEndpointConfig.Variant?
  ) -> ServerlessConfiguration? {
    desiredServerless ?? currentServerless ?? configuration?.serverless
  }
}

extension ScalableResource {
  static func variant(
    _ variant: String, ofEndpoint endpointName: String, isServerless: Bool
  ) -> ScalableResource {
    isServerless
      ? .variantConcurrency(endpointName: endpointName, variant: variant)
      : .variantInstances(endpointName: endpointName, variant: variant)
  }
}
