/// Provisioned concurrency of a version or an alias.
///
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_ProvisionedConcurrencyConfigListItem.html
public struct ProvisionedConcurrency: ResponseShape {
  /// Of the version or alias; only lists have it.
  public let functionARN: String?
  /// What was asked for.
  public let requested: Int
  /// What has been made.
  public let allocated: Int
  /// What is usable: nothing until all are allocated.
  public let available: Int
  /// `IN_PROGRESS`, `READY` or `FAILED`.
  public let status: String
  /// Why it failed.
  public let statusReason: String?
  /// When it was set.
  public let lastModified: String

  /// The version or alias; only lists have it.
  public var qualifier: String? { functionARN?.split(separator: ":").last.map(String.init) }

  /// Reads the fields.
  public init(_ fields: ResponseFields) throws(MalformedResponse) {
    functionARN = fields.optionalString("FunctionArn")
    requested = try fields.integer("RequestedProvisionedConcurrentExecutions")
    allocated = fields.optionalInteger("AllocatedProvisionedConcurrentExecutions") ?? 0
    available = fields.optionalInteger("AvailableProvisionedConcurrentExecutions") ?? 0
    status = try fields.string("Status")
    statusReason = fields.optionalString("StatusReason")
    lastModified = fields.optionalString("LastModified") ?? ""
  }
}

/// Lists the provisioned concurrency of all versions and aliases of a function.
///
/// `GET /2019-09-30/functions/{F}/provisioned-concurrency?List=ALL&Marker=M`. Read only. Errors:
/// `ResourceNotFoundException`, `TooManyRequestsException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListProvisionedConcurrencyConfigs.html
public struct ListProvisionedConcurrencyConfigs: LambdaOperation, PagedOperation {
  /// A configuration.
  public typealias Item = ProvisionedConcurrency
  /// The list's name.
  public static let itemsKey = "ProvisionedConcurrencyConfigs"
  /// The token's name.
  public static let nextTokenKey = "NextMarker"
  /// `GET`
  public static let method = "GET"
  /// The function.
  public let functionName: String
  /// The page; nil for the first.
  public var pageToken: String?

  /// The first page.
  public init(functionName: String) { self.functionName = functionName }

  /// The path.
  public var path: OperationPath {
    "/2019-09-30/functions/\(functionName)/provisioned-concurrency"
  }
  /// `List=ALL` and the page.
  public var query: [(name: String, value: String?)] { [("List", "ALL"), ("Marker", pageToken)] }
}

/// Reads the provisioned concurrency of a version or alias.
///
/// `GET /2019-09-30/functions/{F}/provisioned-concurrency?Qualifier=Q`. Read only. Errors:
/// `ProvisionedConcurrencyConfigNotFoundException` (404), `ResourceNotFoundException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetProvisionedConcurrencyConfig.html
public struct GetProvisionedConcurrencyConfig: ProvisionedOperation, ReadOperation {
  /// The configuration.
  public typealias Output = ProvisionedConcurrency
  /// `GET`
  public static let method = "GET"
  /// The function.
  public let functionName: String
  /// A version's number or an alias.
  public let qualifier: String

  /// A request; see the properties.
  public init(functionName: String, qualifier: String) {
    self.functionName = functionName
    self.qualifier = qualifier
  }
}

/// Provisions concurrency for a version or alias; `IN_PROGRESS` at first, usable when `READY`.
///
/// `PUT /2019-09-30/functions/{F}/provisioned-concurrency?Qualifier=Q`, 202. Never for `$LATEST`, not for
/// an alias with weights, and only once for a version, on itself or on an alias. Idempotent. Errors:
/// `InvalidParameterValueException`, `ResourceConflictException` (409), `ResourceNotFoundException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_PutProvisionedConcurrencyConfig.html
public struct PutProvisionedConcurrencyConfig: ProvisionedOperation, WriteOperation {
  /// The configuration.
  public typealias Output = ProvisionedConcurrency
  /// `PUT`
  public static let method = "PUT"
  /// The function.
  public let functionName: String
  /// A version's number or an alias.
  public let qualifier: String
  /// Environments, 1 or more.
  public let provisioned: Int

  /// A request; see the properties.
  public init(functionName: String, qualifier: String, provisioned: Int) {
    self.functionName = functionName
    self.qualifier = qualifier
    self.provisioned = provisioned
  }

  /// The number.
  public var body: OperationInput? { ["ProvisionedConcurrentExecutions": provisioned] }
}

/// Takes the provisioned concurrency of a version or alias away.
///
/// `DELETE /2019-09-30/functions/{F}/provisioned-concurrency?Qualifier=Q`, 204. Idempotent. Errors:
/// `ResourceNotFoundException`, `ResourceConflictException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_DeleteProvisionedConcurrencyConfig.html
public struct DeleteProvisionedConcurrencyConfig: ProvisionedOperation, WriteOperation {
  /// Nothing.
  public typealias Output = Acknowledged
  /// `DELETE`
  public static let method = "DELETE"
  /// The function.
  public let functionName: String
  /// A version's number or an alias.
  public let qualifier: String

  /// A request; see the properties.
  public init(functionName: String, qualifier: String) {
    self.functionName = functionName
    self.qualifier = qualifier
  }
}

/// What the three have in common.
public protocol ProvisionedOperation: LambdaOperation {
  /// A version's number or an alias.
  var qualifier: String { get }
}

extension ProvisionedOperation {
  /// The function and the qualifier.
  public var subject: String { "\(functionName):\(qualifier)" }
  /// The path.
  public var path: OperationPath {
    "/2019-09-30/functions/\(functionName)/provisioned-concurrency"
  }
  /// The qualifier.
  public var query: [(name: String, value: String?)] { [("Qualifier", qualifier)] }
}
