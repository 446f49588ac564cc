import JSON

/// Makes an endpoint configuration: which models on which instances. It never changes.
///
/// `POST /`, `SageMaker.CreateEndpointConfig`. Nothing runs yet. Errors: `ValidationException` (also when the name
/// is taken, or a model does not exist), `ResourceLimitExceeded`.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html
package struct CreateEndpointConfig: JSONOperation, WriteOperation {
  /// A variant on instances.
  package struct Variant: Sendable, Equatable {
    /// 1 to 63 letters, digits and hyphens.
    package let name: String
    /// The model.
    package let modelName: String
    /// As `ml.m5.xlarge`.
    package let instanceType: String
    /// 1 or more.
    package let instanceCount: Int

    /// A variant; see the properties.
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

  /// The configuration.
  package struct Output: ResponseShape {
    /// The ARN.
    package let arn: String

    /// Reads the field.
    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      arn = try fields.string("EndpointConfigArn")
    }
  }

  /// SageMaker.
  package static let service = ControlService.sageMaker
  /// A configuration that was made would be refused the second time.
  package static let isRepeatable = false
  /// 1 to 63 letters, digits and hyphens.
  package let name: String
  /// At most 50.
  package let tags: [ResourceTag]
  private let members: JSONObject

  /// A configuration with one variant.
  ///
  /// - Parameter kmsKeyID: encrypts the instances' disks; not for types with disks of their own.
  package init(name: String, variant: Variant, kmsKeyID: String? = nil, tags: [ResourceTag] = []) {
    self.name = name
    self.tags = tags
    members =
      (["ProductionVariants": [variant.input], "KmsKeyId": kmsKeyID] as OperationInput).object
  }

  /// A configuration like another one, but for what is changed of one variant: data capture, keys, network,
  /// start-up limits and the other variants stay as they are.
  ///
  /// - Parameters:
  ///   - configuration: as DescribeEndpointConfig told it.
  ///   - changes: of the variant, in AWS's words.
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

  /// What describing tells and creating takes.
  private static let copiedMembers = [
    "DataCaptureConfig", "KmsKeyId", "AsyncInferenceConfig", "ExplainerConfig",
    "ShadowProductionVariants", "ExecutionRoleArn", "VpcConfig", "EnableNetworkIsolation",
    "MetricsConfig",
  ]

  /// The name.
  package var subject: String { name }
  /// All of it.
  package var input: OperationInput {
    var input: OperationInput = ["EndpointConfigName": name, "Tags": ResourceTag.input(tags)]
    for member in members.members { input.set(member.key, to: member.value) }
    return input
  }
}

/// Deletes an endpoint configuration.
///
/// `POST /`, `SageMaker.DeleteEndpointConfig`. Never of an endpoint that is alive or being updated: the instances'
/// type could not be told any more, and the bill could go on. Errors: `ValidationException`.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteEndpointConfig.html
package struct DeleteEndpointConfig: JSONOperation, WriteOperation {
  /// Nothing.
  package typealias Output = Acknowledged
  /// SageMaker.
  package static let service = ControlService.sageMaker
  /// The configuration.
  package let name: String

  /// A request.
  package init(name: String) { self.name = name }

  /// The name.
  package var subject: String { name }
  /// The name.
  package var input: OperationInput { ["EndpointConfigName": name] }
}

/// Lists the endpoint configurations of the account in the region.
///
/// `POST /`, `SageMaker.ListEndpointConfigs`. 100 a page. Read only. Errors: `ThrottlingException` (tried again).
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListEndpointConfigs.html
package struct ListEndpointConfigs: JSONOperation, PagedOperation {
  /// A configuration in a list.
  package struct Item: ResponseShape {
    /// The name.
    package let name: String

    /// Reads the field.
    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      name = try fields.string("EndpointConfigName")
    }
  }

  /// The list's name.
  package static let itemsKey = "EndpointConfigs"
  /// The token's name.
  package static let nextTokenKey = "NextToken"
  /// SageMaker.
  package static let service = ControlService.sageMaker
  /// The page; nil for the first.
  package var pageToken: String?

  /// The first page.
  package init() {}

  /// Nothing.
  package var subject: String { "" }
  /// The page.
  package var input: OperationInput { ["MaxResults": 100, "NextToken": pageToken] }
}
