/// Provisioned concurrency of a version or an alias.
///
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_ProvisionedConcurrencyConfigListItem.html
package struct ProvisionedConcurrency: ResponseShape {
  /// Of the version or alias; only lists have it.
  package let functionARN: String?
  /// What was asked for.
  package let requested: Int
  /// What has been made.
  package let allocated: Int
  /// What is usable: nothing until all are allocated.
  package let available: Int
  /// `IN_PROGRESS`, `READY` or `FAILED`.
  package let status: String
  /// Why it failed.
  package let statusReason: String?
  /// When it was set.
  package let lastModified: String

  /// The version or alias; only lists have it.
  package var qualifier: String? { functionARN?.split(separator: ":").last.map(String.init) }

  /// Reads the fields.
  package init(_ fields: ResponseFields) throws(MalformedResponse) {
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
package struct ListProvisionedConcurrencyConfigs: LambdaOperation, PagedOperation {
  /// A configuration.
  package typealias Item = ProvisionedConcurrency
  /// The list's name.
  package static let itemsKey = "ProvisionedConcurrencyConfigs"
  /// The token's name.
  package static let nextTokenKey = "NextMarker"
  /// `GET`
  package static let method = "GET"
  /// The function.
  package let functionName: String
  /// The page; nil for the first.
  package var pageToken: String?

  /// The first page.
  package init(functionName: String) { self.functionName = functionName }

  /// The path.
  package var path: OperationPath {
    "/2019-09-30/functions/\(functionName)/provisioned-concurrency"
  }
  /// `List=ALL` and the page.
  package var query: [(name: String, value: String?)] { [("List", "ALL"), ("Marker", pageToken)] }
}

/// Reads the provisioned concurrency of a version or alias.
///
/// `GET /2019-09-30/functions/{F}/provisioned-concurrency?Qualifier=Q`. Read only. Errors:
/// `ProvisionedConcurrencyConfigNotFoundException` (404), `ResourceNotFoundException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetProvisionedConcurrencyConfig.html
package struct GetProvisionedConcurrencyConfig: ProvisionedOperation, ReadOperation {
  /// The configuration.
  package typealias Output = ProvisionedConcurrency
  /// `GET`
  package static let method = "GET"
  /// The function.
  package let functionName: String
  /// A version's number or an alias.
  package let qualifier: String

  /// A request; see the properties.
  package init(functionName: String, qualifier: String) {
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
package struct PutProvisionedConcurrencyConfig: ProvisionedOperation, WriteOperation {
  /// The configuration.
  package typealias Output = ProvisionedConcurrency
  /// `PUT`
  package static let method = "PUT"
  /// The function.
  package let functionName: String
  /// A version's number or an alias.
  package let qualifier: String
  /// Environments, 1 or more.
  package let provisioned: Int

  /// A request; see the properties.
  package init(functionName: String, qualifier: String, provisioned: Int) {
    self.functionName = functionName
    self.qualifier = qualifier
    self.provisioned = provisioned
  }

  /// The number.
  package var body: OperationInput? { ["ProvisionedConcurrentExecutions": provisioned] }
}

/// Takes the provisioned concurrency of a version or alias away.
///
/// `DELETE /2019-09-30/functions/{F}/provisioned-concurrency?Qualifier=Q`, 204. Idempotent. Errors:
/// `ResourceNotFoundException`, `ResourceConflictException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_DeleteProvisionedConcurrencyConfig.html
package struct DeleteProvisionedConcurrencyConfig: ProvisionedOperation, WriteOperation {
  /// Nothing.
  package typealias Output = Acknowledged
  /// `DELETE`
  package static let method = "DELETE"
  /// The function.
  package let functionName: String
  /// A version's number or an alias.
  package let qualifier: String

  /// A request; see the properties.
  package init(functionName: String, qualifier: String) {
    self.functionName = functionName
    self.qualifier = qualifier
  }
}

/// What the three have in common.
package protocol ProvisionedOperation: LambdaOperation {
  /// A version's number or an alias.
  var qualifier: String { get }
}

extension ProvisionedOperation {
  /// The function and the qualifier.
  package var subject: String { "\(functionName):\(qualifier)" }
  /// The path.
  package var path: OperationPath {
    "/2019-09-30/functions/\(functionName)/provisioned-concurrency"
  }
  /// The qualifier.
  package var query: [(name: String, value: String?)] { [("Qualifier", qualifier)] }
}
