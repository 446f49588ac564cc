/// Provisioned concurrency of a version or an alias.
///
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_ProvisionedConcurrencyConfigListItem.html
package struct ProvisionedConcurrency: ResponseShape {
  /// Of the version or alias; only lists have it.
  package let functionARN: String?
  package let requested: Int
  package let allocated: Int
  /// Usable environments: none until all are allocated.
  package let available: Int
  /// `IN_PROGRESS`, `READY` or `FAILED`.
  package let status: String
  package let statusReason: String?
  package let lastModified: String

  /// The version or alias; only lists have it.
  package var qualifier: String? { functionARN?.split(separator: ":").last.map(String.init) }

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
  package typealias Item = ProvisionedConcurrency
  package static let itemsKey = "ProvisionedConcurrencyConfigs"
  package static let nextTokenKey = "NextMarker"
  package static let method = "GET"
  package let functionName: String
  package var pageToken: String?

  package init(functionName: String) { self.functionName = functionName }

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
  package typealias Output = ProvisionedConcurrency
  package static let method = "GET"
  package let functionName: String
  /// A version's number or an alias.
  package let qualifier: String

  package init(functionName: String, qualifier: String) {
    self.functionName = functionName
    self.qualifier = qualifier
  }
}

/// Provisions concurrency for a version or alias; `IN_PROGRESS` at first, usable when `READY`.
///
/// `PUT /2019-09-30/functions/{F}/provisioned-concurrency?Qualifier=Q`, 202. Never for `$LATEST`,
/// not for an alias with weights, and only once for a version, on itself or on an alias.
/// Idempotent. Errors: `InvalidParameterValueException`, `ResourceConflictException` (409),
/// `ResourceNotFoundException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_PutProvisionedConcurrencyConfig.html
package struct PutProvisionedConcurrencyConfig: ProvisionedOperation, WriteOperation {
  package typealias Output = ProvisionedConcurrency
  package static let method = "PUT"
  package static let isRepeatable = true
  package let functionName: String
  /// A version's number or an alias.
  package let qualifier: String
  /// Environments, 1 or more.
  package let provisioned: Int

  package init(functionName: String, qualifier: String, provisioned: Int) {
    self.functionName = functionName
    self.qualifier = qualifier
    self.provisioned = provisioned
  }

  package var body: OperationInput? { ["ProvisionedConcurrentExecutions": provisioned] }
}

/// Deletes the provisioned concurrency of a version or alias.
///
/// `DELETE /2019-09-30/functions/{F}/provisioned-concurrency?Qualifier=Q`, 204. Idempotent. Errors:
/// `ResourceNotFoundException`, `ResourceConflictException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_DeleteProvisionedConcurrencyConfig.html
package struct DeleteProvisionedConcurrencyConfig: ProvisionedOperation, WriteOperation {
  package typealias Output = Acknowledged
  package static let method = "DELETE"
  package static let isRepeatable = true
  package let functionName: String
  /// A version's number or an alias.
  package let qualifier: String

  package init(functionName: String, qualifier: String) {
    self.functionName = functionName
    self.qualifier = qualifier
  }
}

/// What Get, Put and Delete have in common.
package protocol ProvisionedOperation: LambdaOperation {
  /// A version's number or an alias.
  var qualifier: String { get }
}

extension ProvisionedOperation {
  package var subject: String { "\(functionName):\(qualifier)" }
  package var path: OperationPath {
    "/2019-09-30/functions/\(functionName)/provisioned-concurrency"
  }
  package var query: [(name: String, value: String?)] { [("Qualifier", qualifier)] }
}
