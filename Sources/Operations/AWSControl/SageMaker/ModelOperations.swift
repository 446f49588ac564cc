import AWSClient

/// Creates a model: a container image and the archive that it unpacks.
///
/// `POST /`, `SageMaker.CreateModel`. Nothing runs and nothing is billed yet; the archive is read
/// when an endpoint starts. Errors: `ValidationException` (also when the name is taken, or the
/// archive cannot be read by the role), `ResourceLimitExceeded`, `AccessDeniedException` (also for
/// `iam:PassRole`).
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModel.html
package struct CreateModel: JSONOperation, WriteOperation {
  package struct Output: ResponseShape {
    package let arn: String

    init(arn: String) { self.arn = arn }

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      arn = try fields.string("ModelArn")
    }
  }

  package static let service = ControlService.sageMaker
  /// The second time the model exists, which is compared with this one.
  package static let isRepeatable = true
  /// 1 to 63 letters, digits and hyphens.
  package let name: String
  package let image: String
  /// `s3://…/model.tar.gz`.
  package let modelDataURI: String
  /// For the container, at most 100.
  package let environment: [String: String]
  /// Role that reads image and archive and writes the log.
  package let roleARN: String
  package var network: ModelNetwork?
  /// Whether the container has no network.
  package var isNetworkIsolated: Bool?
  /// At most 50.
  package var tags: [ResourceTag] = []

  package init(
    name: String, image: String, modelDataURI: String, environment: [String: String],
    roleARN: String
  ) {
    self.name = name
    self.image = image
    self.modelDataURI = modelDataURI
    self.environment = environment
    self.roleARN = roleARN
  }

  package var subject: String { name }
  package var input: OperationInput {
    [
      "ModelName": name, "ExecutionRoleArn": roleARN,
      "PrimaryContainer": [
        "Image": image, "ModelDataUrl": modelDataURI,
        "Environment": environment.isEmpty ? nil : environment,
      ] as OperationInput,
      "VpcConfig": network?.input, "EnableNetworkIsolation": isNetworkIsolated,
      "Tags": ResourceTag.input(tags),
    ]
  }

  package func outputIfReached(
    after error: AWSError, with client: ControlClient
  ) throws -> Output? {
    guard error.isAlreadyThere else { return nil }
    let found = try client.read(DescribeModel(name: name))
    guard found.image == image, found.modelDataURI == modelDataURI, found.roleARN == roleARN,
      found.environment == environment
    else { return nil }
    return Output(arn: found.arn)
  }
}

/// Reads a model.
///
/// `POST /`, `SageMaker.DescribeModel`. Read only. Errors: `ValidationException` (also for one that
/// does not exist).
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeModel.html
package struct DescribeModel: JSONOperation, ReadOperation {
  package struct Output: ResponseShape {
    package let arn: String
    /// Unix seconds.
    package let creation: Double?
    /// The container; nil for a pipeline of several.
    package let image: String?
    /// `s3://…/model.tar.gz`.
    package let modelDataURI: String?
    package let environment: [String: String]
    package let roleARN: String?
    /// Its VPC, when it has one.
    package let network: ModelNetwork?
    /// Whether the container has no network.
    package let isNetworkIsolated: Bool?

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      arn = fields.optionalString("ModelArn") ?? ""
      creation = fields.optionalDouble("CreationTime")
      let container = fields.json["PrimaryContainer"]
      image = container?["Image"]?.stringValue
      modelDataURI = container?["ModelDataUrl"]?.stringValue
      let members = container?["Environment"]?.objectValue?.members ?? []
      environment = Dictionary(
        members.compactMap { member in member.value.stringValue.map { (member.key, $0) } },
        uniquingKeysWith: { $1 })
      roleARN = fields.optionalString("ExecutionRoleArn")
      let vpc = fields.json["VpcConfig"]
      network = vpc?.objectValue.map { _ in
        ModelNetwork(
          subnetIDs: (vpc?["Subnets"]?.arrayValue ?? []).compactMap(\.stringValue),
          securityGroupIDs: (vpc?["SecurityGroupIds"]?.arrayValue ?? []).compactMap(\.stringValue))
      }
      isNetworkIsolated = fields.optionalBool("EnableNetworkIsolation")
    }
  }

  package static let service = ControlService.sageMaker
  package let name: String

  package init(name: String) { self.name = name }

  package var subject: String { name }
  package var input: OperationInput { ["ModelName": name] }
}

/// Deletes a model; the archive in S3 stays.
///
/// `POST /`, `SageMaker.DeleteModel`. Not refused while a configuration names the model: check
/// first. Errors: `ValidationException` (also for one that does not exist).
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteModel.html
package struct DeleteModel: JSONOperation, WriteOperation {
  package typealias Output = Acknowledged
  package static let service = ControlService.sageMaker
  /// The second time it is gone.
  package static let isRepeatable = true
  package let name: String

  package init(name: String) { self.name = name }

  package var subject: String { name }
  package var input: OperationInput { ["ModelName": name] }

  package func outputIfReached(after error: AWSError, with client: ControlClient) -> Output? {
    error.isNotFound ? .done : nil
  }
}

/// Lists the models of the account in the region.
///
/// `POST /`, `SageMaker.ListModels`. 100 a page. Read only. Errors: `ThrottlingException` (retried).
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListModels.html
package struct ListModels: JSONOperation, PagedOperation {
  package struct Item: ResponseShape {
    package let name: String
    /// Unix seconds.
    package let creation: Double?

    package init(_ fields: ResponseFields) throws(MalformedResponse) {
      name = try fields.string("ModelName")
      creation = fields.optionalDouble("CreationTime")
    }
  }

  package static let itemsKey = "Models"
  package static let nextTokenKey = "NextToken"
  package static let service = ControlService.sageMaker
  package var pageToken: String?

  package init() {}

  package var subject: String { "" }
  package var input: OperationInput { ["MaxResults": 100, "NextToken": pageToken] }
}
