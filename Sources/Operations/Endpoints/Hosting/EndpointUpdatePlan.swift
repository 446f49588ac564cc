import AWSControl

extension EndpointUpdate {
  /// What was decided before anything changes.
  package struct Plan: Sendable {
    package let present: DescribeEndpoint.Output
    package let configuration: CreateEndpointConfig
    /// The new model; nil when it stays.
    package let model: CreateModel?
    /// The archive of the present model, when it has one.
    package let oldModelData: S3Location?
    /// The scaling to deregister during the update.
    package let scaling: ScalingBackup?
    /// The scaling to put back at every exit: the same, or that of an interrupted update.
    package let restores: ScalingBackup?
    package let update: UpdateEndpoint
    /// Whether an earlier run has started this update, and only its end is waited for.
    package let isUnderWay: Bool
    /// The variant whose model or instances change.
    package let changedVariant: String
    /// The kind afterwards.
    package let kind: EndpointKind
    /// Memory and concurrency afterwards; nil for instances.
    package var serverless: ServerlessConfiguration?
    /// Whether a serverless endpoint gets instances, from which SageMaker does not return.
    package var isFinal = false
    /// Warnings to print before the change.
    package var warnings: [String] = []

    /// The update that returns to the present configuration, all at once: nothing serves that an
    /// alarm would have to guard. Nil when the endpoint has none, or cannot return.
    package var comingBack: UpdateEndpoint? {
      guard !isFinal else { return nil }
      return present.endpointConfigName.map {
        UpdateEndpoint(
          endpointName: update.endpointName, endpointConfigName: $0,
          retainsVariantProperties: update.retainsVariantProperties,
          exceptions: update.exceptions,
          // Serverless endpoints have no deployment guardrails.
          deployment: kind == .serverless
            ? nil
            : .init(routing: .allAtOnce, waitSeconds: 0, terminationWaitSeconds: 0, alarmNames: [])
        )
      }
    }
  }
}

extension EndpointUpdate.Plan {
  /// Creates model and configuration and starts the update; after a failure deletes what was
  /// created.
  ///
  /// - Parameter save: receives the scaling before it is removed, to save it to a file.
  /// - Throws: `AWSError`; what `save` throws.
  package func start(with client: ControlClient, save: (ScalingBackup) throws -> Void) throws {
    if isUnderWay { return }
    do {
      if let model { try client.write(model) }
      try client.write(configuration)
      if let scaling {
        try save(scaling)
        try client.write(DeregisterScalableTarget(resource: scaling.resource))
      }
      try client.write(update)
    } catch {
      // The endpoint serves as before and keeps its scaling.
      if let scaling { try? scaling.restore(with: client) }
      _ = try? client.write(DeleteEndpointConfig(name: configuration.name))
      if let model { _ = try? client.write(DeleteModel(name: model.name)) }
      throw error
    }
  }
}
