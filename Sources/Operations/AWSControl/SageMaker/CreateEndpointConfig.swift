import AWSClient
import JSON

/// Creates an endpoint configuration: models, and what they run on. Immutable.
///
/// `POST /`, `SageMaker.CreateEndpointConfig`. Nothing runs yet. Errors: `ValidationException`
/// (also when the name is taken, or a model does not exist), `ResourceLimitExceeded`.
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html
package struct CreateEndpointConfig: JSONOperation, WriteOperation {
  /// What a variant runs on.
  package enum Hosting: Sendable, Equatable {
    /// For example 1 `ml.m5.xlarge`; 1 or more, also for an asynchronous endpoint.
    case instances(type: String, count: Int)
    case serverless(ServerlessConfiguration)
  }

  package struct Variant: Sendable, Equatable {
    /// 1 to 63 letters, digits and hyphens.
    package let name: String
    package let modelName: String
    package let hosting: Hosting

    package init(name: String, modelName: String, hosting: Hosting) {
      self.name = name
      self.modelName = modelName
      self.hosting = hosting
    }

    var input: OperationInput {
      let (type, count, serverless): (String?, Int?, OperationInput?) =
        switch hosting {
        case .instances(let type, let count): (type, count, nil)
        case .serverless(let configuration): (nil, nil, configuration.input)
        }
      return [
        "VariantName": name, "ModelName": modelName, "InstanceType": type,
        "InitialInstanceCount": count, "ServerlessConfig": serverless, "InitialVariantWeight": 1,
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
  /// - Parameters:
  ///   - asynchronous: nil for a real-time or serverless endpoint.
  ///   - kmsKeyID: encrypts the instances' disks; not for types with local disks.
  package init(
    name: String, variant: Variant, asynchronous: AsynchronousConfiguration? = nil,
    kmsKeyID: String? = nil, tags: [ResourceTag] = []
  ) {
    self.name = name
    self.tags = tags
    members =
      ([
        "ProductionVariants": [variant.input], "AsyncInferenceConfig": asynchronous?.input,
        "KmsKeyId": kmsKeyID,
      ] as OperationInput).object
  }

  /// A copy of a configuration with changes to one variant: data capture, keys, network, start-up
  /// limits and the other variants stay as they are.
  ///
  /// - Parameters:
  ///   - configuration: from DescribeEndpointConfig.
  ///   - changes: members of the variant, as AWS defines them.
  ///   - removed: members of the variant that are left out.
  ///   - asynchronous: replaces the present one; nil leaves it.
  package init(
    name: String, copying configuration: JSONValue, changing variantName: String,
    _ changes: OperationInput, removing removed: Set<String> = [],
    asynchronous: AsynchronousConfiguration? = nil, tags: [ResourceTag] = []
  ) {
    self.name = name
    self.tags = tags
    var members = JSONObject()
    for key in Self.copiedMembers {
      guard let value = configuration[key], value != .null else { continue }
      members.set(key, to: value)
    }
    let variants = (configuration["ProductionVariants"]?.arrayValue ?? []).map { variant in
      guard variant["VariantName"]?.stringValue == variantName, let present = variant.objectValue
      else { return variant }
      var object = JSONObject()
      for member in present.members where !removed.contains(member.key) {
        object.set(member.key, to: member.value)
      }
      for change in changes.object.members { object.set(change.key, to: change.value) }
      return .object(object)
    }
    members.set("ProductionVariants", to: .array(variants))
    if let asynchronous { members.set("AsyncInferenceConfig", to: asynchronous.input.json) }
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
