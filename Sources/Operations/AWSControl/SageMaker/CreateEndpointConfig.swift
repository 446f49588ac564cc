import AWSClient
import JSON

/// Creates an endpoint configuration: models and their instances. Immutable.
///
/// `POST /`, `SageMaker.CreateEndpointConfig`. Nothing runs yet. Errors: `ValidationException`
/// (also when the name is taken, or a model does not exist), `ResourceLimitExceeded`.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html
package struct CreateEndpointConfig: JSONOperation, WriteOperation {
  package struct Variant: Sendable, Equatable {
    /// 1 to 63 letters, digits and hyphens.
    package let name: String
    package let modelName: String
    /// For example `ml.m5.xlarge`.
    package let instanceType: String
    /// 1 or more.
    package let instanceCount: Int

    package init(name: String, modelName: String, instanceType: String, instanceCount: Int) {
      self.name = name
      self.modelName = modelName
      self.instanceType = instanceType
      self.instanceCount = instanceCount
    }

    var input: OperationInput {
      [
        "VariantName": name, "ModelName": modelName, "InstanceType": instanceType,
        "InitialInstanceCount": instanceCount, "InitialVariantWeight": 1,
      ]
    }
  }

  package struct Output: ResponseShape {
    package let arn: String

    init(arn: String) { self.arn = arn }

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      arn = try fields.string("EndpointConfigArn")
    }
  }

  package static let service = ControlService.sageMaker
  /// The second time the configuration exists, which is compared with this one.
  package static let isRepeatable = true
  /// 1 to 63 letters, digits and hyphens.
  package let name: String
  /// At most 50.
  package let tags: [ResourceTag]
  private let members: JSONObject

  /// A configuration with one variant.
  ///
  /// - Parameter kmsKeyID: encrypts the instances' disks; not for types with local disks.
  package init(name: String, variant: Variant, kmsKeyID: String? = nil, tags: [ResourceTag] = []) {
    self.name = name
    self.tags = tags
    members =
      (["ProductionVariants": [variant.input], "KmsKeyId": kmsKeyID] as OperationInput).object
  }

  /// A copy of a configuration with changes to one variant: data capture, keys, network, start-up
  /// limits and the other variants stay as they are.
  ///
  /// - Parameters:
  ///   - configuration: from DescribeEndpointConfig.
  ///   - changes: members of the variant, as AWS defines them.
  package init(
    name: String, copying configuration: JSONValue, changing variantName: String,
    _ changes: OperationInput, tags: [ResourceTag] = []
  ) {
    self.name = name
    self.tags = tags
    var members = JSONObject()
    for key in Self.copiedMembers {
      guard let value = configuration[key], value != .null else { continue }
      members.set(key, to: value)
    }
    let variants = (configuration["ProductionVariants"]?.arrayValue ?? []).map { variant in
      guard variant["VariantName"]?.stringValue == variantName, var object = variant.objectValue
      else { return variant }
      for change in changes.object.members { object.set(change.key, to: change.value) }
      return .object(object)
    }
    members.set("ProductionVariants", to: .array(variants))
    self.members = members
  }

  /// Members of the description that a new configuration takes too.
  private static let copiedMembers = [
    "DataCaptureConfig", "KmsKeyId", "AsyncInferenceConfig", "ExplainerConfig",
    "ShadowProductionVariants", "ExecutionRoleArn", "VpcConfig", "EnableNetworkIsolation",
    "MetricsConfig",
  ]

  package var subject: String { name }
  package var input: OperationInput {
    var input: OperationInput = ["EndpointConfigName": name, "Tags": ResourceTag.input(tags)]
    for member in members.members { input.set(member.key, to: member.value) }
    return input
  }

  package func outputIfReached(
    after error: AWSError, with client: ControlClient
  ) throws -> Output? {
    guard error.isAlreadyThere else { return nil }
    let found = try client.read(DescribeEndpointConfig(endpointConfigName: name))
    let isSame = members.members.allSatisfy { $0.value.isContained(in: found.json[$0.key]) }
    return isSame ? Output(arn: found.arn) : nil
  }
}

/// Deletes an endpoint configuration.
///
/// `POST /`, `SageMaker.DeleteEndpointConfig`. Never delete the configuration of a live or updating
/// endpoint: its instance type can no longer be determined, and charges may continue. Errors:
/// `ValidationException`.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteEndpointConfig.html
package struct DeleteEndpointConfig: JSONOperation, WriteOperation {
  package typealias Output = Acknowledged
  package static let service = ControlService.sageMaker
  /// The second time it is gone.
  package static let isRepeatable = true
  package let name: String

  package init(name: String) { self.name = name }

  package var subject: String { name }
  package var input: OperationInput { ["EndpointConfigName": name] }

  package func outputIfReached(after error: AWSError, with client: ControlClient) -> Output? {
    error.isNotFound ? .done : nil
  }
}

/// Lists the endpoint configurations of the account in the region.
///
/// `POST /`, `SageMaker.ListEndpointConfigs`. 100 a page. Read only. Errors: `ThrottlingException`
/// (retried).
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListEndpointConfigs.html
package struct ListEndpointConfigs: JSONOperation, PagedOperation {
  package struct Item: ResponseShape {
    package let name: String
    /// Unix seconds.
    package let creation: Double?

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      name = try fields.string("EndpointConfigName")
      creation = fields.optionalDouble("CreationTime")
    }
  }

  package static let itemsKey = "EndpointConfigs"
  package static let nextTokenKey = "NextToken"
  package static let service = ControlService.sageMaker
  package var pageToken: String?

  package init() {}

  package var subject: String { "" }
  package var input: OperationInput { ["MaxResults": 100, "NextToken": pageToken] }
}
