import AWSControl

/// Changes an endpoint's model, instances, serverless settings, or paths, without an interruption.
///
/// The new configuration is the present one with these changes. Instance counts and weights stay as
/// autoscaling set them. SageMaker refuses another instance type of a variant that is registered
/// for scaling: the registration is then saved to a file, removed, and restored after the update,
/// whatever its result.
///
/// A serverless endpoint can get instances, and never returns; SageMaker does not document a change
/// between real-time and asynchronous, which is refused.
package struct EndpointUpdate: Sendable {
  package let endpointName: String
  /// The variant; nil is the only one.
  package var variant: String?
  /// `s3://…/model.tar.gz`; nil leaves the model.
  package var modelData: S3Location?
  package var instanceType: String?
  /// The new instance count; nil keeps the present one.
  package var instanceCount: Int?
  /// The container; nil keeps it, unless the kind of processor changes.
  package var image: String?
  /// Memory and concurrency of a serverless endpoint.
  package var serverless: ServerlessChange?
  /// Paths and topics of an asynchronous endpoint.
  package var asynchronous: AsynchronousChange?
  /// Of the function that uses an asynchronous endpoint; nil when unknown.
  package var trigger: UploadTrigger?
  /// Not for serverless endpoints.
  package var deployment: UpdateEndpoint.Deployment
  /// For bills and policies.
  package var tags: [ResourceTag] = []
  /// The scaling that an interrupted update has saved, which is restored with this one unless the
  /// variant is registered.
  package var leftover: ScalingBackup?

  /// An update; the other properties are set as needed.
  package init(endpointName: String, deployment: UpdateEndpoint.Deployment) {
    self.endpointName = endpointName
    self.deployment = deployment
  }

  /// Reads the endpoint and decides.
  ///
  /// - Returns: nil when the endpoint already has these settings.
  /// - Throws: `Refusal` when the endpoint cannot be updated now, or the variant is ambiguous.
  package func plan(suffix: String, with client: ControlClient) throws -> Plan? {
    guard let present = try client.endpoint(named: endpointName) else {
      throw Refusal(
        "Endpoint \(endpointName) does not exist", advice: "Check the name and --region")
    }
    if let plan = try planOfUpdateUnderWay(present, with: client) { return plan }
    guard present.status == "InService", let old = present.endpointConfigName else {
      let reason = present.failureReason.map { ": \($0)" } ?? ""
      throw Refusal(
        "Endpoint \(endpointName) is \(present.status)\(reason)",
        advice: present.status == "Failed"
          ? "A failed endpoint can only be deleted: use `inferencectl endpoint delete`, then create"
          : "Wait until it is InService")
    }
    let configuration = try client.read(DescribeEndpointConfig(endpointConfigName: old))
    let variant = try chosenVariant(of: configuration)
    try refuseUnsupported(configuration, variant, with: client)
    let name = EndpointCreation.name(endpointName, suffix)
    let oldModel = try variant.modelName.map { try client.read(DescribeModel(name: $0)) }
    let model = try newModel(name, of: variant, oldModel)
    let answers = configuration.asynchronous.map { asynchronous?.applied(to: $0) ?? $0 }
    guard
      let changes = try changes(
        of: variant, present, modelName: model == nil ? nil : name,
        hasOtherPaths: answers != configuration.asynchronous)
    else { return nil }
    let changesType = instanceType != nil && instanceType != variant.instanceType
    let registered =
      changesType || leftover != nil
      ? try ScalingBackup.read(endpointName: endpointName, variant: variant.name, with: client)
      : nil
    let scaling = changesType ? registered : nil
    let wasServerless = variant.serverless != nil
    var plan = Plan(
      present: present,
      configuration: CreateEndpointConfig(
        name: name, copying: configuration.json, changing: variant.name, changes.set,
        removing: changes.removed, asynchronous: asynchronous == nil ? nil : answers, tags: tags),
      model: model, oldModelData: oldModel?.modelDataURI.flatMap { S3Location($0) },
      scaling: scaling,
      restores: scaling ?? (registered == nil ? leftover : nil),
      update: UpdateEndpoint(
        endpointName: endpointName, endpointConfigName: name,
        // A serverless variant has none that autoscaling could have changed.
        retainsVariantProperties: !wasServerless,
        // A retained count would override the requested one.
        exceptions: instanceCount == nil || wasServerless ? [] : ["DesiredInstanceCount"],
        deployment: wasServerless ? nil : deployment),
      isUnderWay: false, changedVariant: variant.name,
      kind: wasServerless && changesType ? .realTime : configuration.kind)
    plan.isFinal = wasServerless && changesType
    plan.serverless = changes.serverless
    plan.warnings = try warnings(plan, with: client)
    return plan
  }

  private func warnings(_ plan: Plan, with client: ControlClient) throws -> [String] {
    var warnings: [String] = []
    if plan.kind == .serverless {
      warnings.append(
        "A serverless endpoint is updated without guardrails: its requests have cold starts afterwards, and no alarm "
          + "triggers a rollback")
    }
    guard image != nil, let model = plan.model else { return warnings }
    return try warnings
      + ImageTraps(
        image: model.image, kind: plan.kind, environment: model.environment, roleARN: model.roleARN
      ).check(with: client)
  }

  /// The plan of an update that an earlier run has started to these settings; nil for any other.
  private func planOfUpdateUnderWay(
    _ present: DescribeEndpoint.Output, with client: ControlClient
  ) throws -> Plan? {
    guard present.status == "Updating", let pending = present.pendingConfigName else { return nil }
    let configuration = try client.read(DescribeEndpointConfig(endpointConfigName: pending))
    let variant = try chosenVariant(of: configuration)
    let model = try variant.modelName.map { try client.read(DescribeModel(name: $0)) }
    let serverless = variant.serverless.flatMap { try? self.serverless?.applied(to: $0) }
    let paths = configuration.asynchronous.flatMap { asynchronous?.applied(to: $0) }
    let isWanted =
      (instanceType == nil || instanceType == variant.instanceType)
      && (instanceCount == nil || instanceCount == variant.initialInstanceCount)
      && (modelData == nil || modelData.map(String.init(describing:)) == model?.modelDataURI)
      && (image == nil || image == model?.image)
      && (self.serverless == nil || serverless == variant.serverless && serverless != nil)
      && (asynchronous == nil || paths == configuration.asynchronous && paths != nil)
    guard isWanted else { return nil }
    return Plan(
      present: present,
      configuration: CreateEndpointConfig(
        name: pending, copying: configuration.json, changing: variant.name, [:], tags: tags),
      model: nil, oldModelData: nil, scaling: nil, restores: leftover,
      update: UpdateEndpoint(endpointName: endpointName, endpointConfigName: pending),
      isUnderWay: true, changedVariant: variant.name, kind: configuration.kind)
  }

  func chosenVariant(
    of configuration: DescribeEndpointConfig.Output
  ) throws(Refusal) -> DescribeEndpointConfig.Variant {
    let names = configuration.variants.map(\.name).joined(separator: ", ")
    let found =
      if let variant { configuration.variants.filter { $0.name == variant } } else {
        configuration.variants
      }
    guard found.count == 1, let only = found.first else {
      throw Refusal(
        variant.map { "\(endpointName) has no variant \($0)" }
          ?? "\(endpointName) has several variants", advice: "Use --variant with one of \(names)")
    }
    guard only.modelName != nil else {
      throw Refusal(
        "The variant \(only.name) of \(endpointName) hosts inference components instead of a model")
    }
    return only
  }

  /// Members of the variant to set and to remove, and its serverless configuration afterwards; nil
  /// when nothing changes.
  private func changes(
    of variant: DescribeEndpointConfig.Variant, _ present: DescribeEndpoint.Output,
    modelName: String?, hasOtherPaths: Bool
  ) throws -> (set: OperationInput, removed: Set<String>, serverless: ServerlessConfiguration?)? {
    let state = present.variants.first { $0.name == variant.name }
    guard let serverless = state?.effectiveServerless(variant) ?? variant.serverless else {
      let current = state?.desiredInstanceCount
      let isSame =
        modelName == nil && !hasOtherPaths
        && (instanceType ?? variant.instanceType) == variant.instanceType
        && (instanceCount == nil || instanceCount == current)
      if isSame { return nil }
      // A configuration begins with an instance, also for an endpoint that has none now.
      let count = (instanceCount ?? current).map { max(1, $0) }
      return (
        ["ModelName": modelName, "InstanceType": instanceType, "InitialInstanceCount": count], [],
        nil
      )
    }
    if let instanceType {
      return (
        [
          "ModelName": modelName, "InstanceType": instanceType,
          "InitialInstanceCount": instanceCount ?? 1,
        ], ["ServerlessConfig"], nil
      )
    }
    let wanted = try self.serverless?.applied(to: serverless) ?? serverless
    guard modelName != nil || wanted != serverless else { return nil }
    return (["ModelName": modelName, "ServerlessConfig": wanted.input], [], wanted)
  }
}
