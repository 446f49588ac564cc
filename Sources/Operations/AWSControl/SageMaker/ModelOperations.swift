/// Makes a model: a container image with the archive that it unpacks.
///
/// `POST /`, `SageMaker.CreateModel`. Nothing runs and nothing is paid yet; the archive is read when an endpoint
/// starts. Errors: `ValidationException` (also when the name is taken, or the archive cannot be read by the
/// role), `ResourceLimitExceeded`, `AccessDeniedException` (also for `iam:PassRole`).
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModel.html
public struct CreateModel: JSONOperation, WriteOperation {
  /// The model.
  public struct Output: ResponseShape {
    /// The ARN.
    public let arn: String

    /// Reads the field.
    public init(_ fields: ResponseFields) throws(MalformedResponse) {
      arn = try fields.string("ModelArn")
    }
  }

  /// SageMaker.
  public static let service = ControlService.sageMaker
  /// A model that was made would be refused the second time.
  public static let isRepeatable = false
  /// 1 to 63 letters, digits and hyphens.
  public let name: String
  /// The container.
  public let image: String
  /// `s3://…/model.tar.gz`.
  public let modelDataURI: String
  /// For the container, at most 100.
  public let environment: [String: String]
  /// Reads image and archive, writes the log.
  public let roleARN: String
  /// Nil: SageMaker's own network.
  public var network: ModelNetwork?
  /// No network at all for the container.
  public var isNetworkIsolated: Bool?
  /// At most 50.
  public var tags: [ResourceTag] = []

  /// A request; see the properties.
  public init(
    name: String, image: String, modelDataURI: String, environment: [String: String],
    roleARN: String
  ) {
    self.name = name
    self.image = image
    self.modelDataURI = modelDataURI
    self.environment = environment
    self.roleARN = roleARN
  }

  /// The name.
  public var subject: String { name }
  /// All of it.
  public var input: OperationInput {
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
}

/// Reads a model.
///
/// `POST /`, `SageMaker.DescribeModel`. Read only. Errors: `ValidationException` (also for one that does not
/// exist).
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeModel.html
public struct DescribeModel: JSONOperation, ReadOperation {
  /// A model.
  public struct Output: ResponseShape {
    /// The container; nil for a pipeline of several.
    public let image: String?
    /// `s3://…/model.tar.gz`.
    public let modelDataURI: String?
    /// Of the container.
    public let environment: [String: String]
    /// The role.
    public let roleARN: String?
    /// Its VPC, when it has one.
    public let network: ModelNetwork?
    /// Whether the container has no network.
    public let isNetworkIsolated: Bool?

    /// Reads the fields.
    public init(_ fields: ResponseFields) throws(MalformedResponse) {
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

  /// SageMaker.
  public static let service = ControlService.sageMaker
  /// The model.
  public let name: String

  /// A request.
  public init(name: String) { self.name = name }

  /// The name.
  public var subject: String { name }
  /// The name.
  public var input: OperationInput { ["ModelName": name] }
}

/// Deletes a model; the archive in S3 stays.
///
/// `POST /`, `SageMaker.DeleteModel`. It is not refused while a configuration names the model: look first.
/// Errors: `ValidationException` (also for one that does not exist).
/// Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteModel.html
public struct DeleteModel: JSONOperation, WriteOperation {
  /// Nothing.
  public typealias Output = Acknowledged
  /// SageMaker.
  public static let service = ControlService.sageMaker
  /// The model.
  public let name: String

  /// A request.
  public init(name: String) { self.name = name }

  /// The name.
  public var subject: String { name }
  /// The name.
  public var input: OperationInput { ["ModelName": name] }
}
