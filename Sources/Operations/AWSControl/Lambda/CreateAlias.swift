import AWSClient

/// Creates an alias.
///
/// `POST /2015-03-31/functions/{F}/aliases`, 201. Not idempotent: an existing alias is a
/// `ResourceConflictException` (409). Errors: also `ResourceNotFoundException` (no such version),
/// `InvalidParameterValueException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html
package struct CreateAlias: LambdaOperation, WriteOperation {
  package typealias Output = AliasConfiguration
  package static let method = "POST"
  /// The second time the alias exists, which is compared with this one.
  package static let isRepeatable = true
  package let functionName: String
  /// The alias, 1 to 128 letters, digits, `-` and `_`, not digits alone.
  package let alias: String
  package let functionVersion: String
  /// At most 256 characters.
  package let description: String?
  /// Shares of the traffic, 0 to 1, for one other version.
  package let additionalVersionWeights: [String: Double]?

  package init(
    functionName: String, alias: String, functionVersion: String, description: String? = nil,
    additionalVersionWeights: [String: Double]? = nil
  ) {
    self.functionName = functionName
    self.alias = alias
    self.functionVersion = functionVersion
    self.description = description
    self.additionalVersionWeights = additionalVersionWeights
  }

  package var subject: String { "\(functionName):\(alias)" }
  package var path: OperationPath { "/2015-03-31/functions/\(functionName)/aliases" }
  package var body: OperationInput? {
    [
      "Name": alias, "FunctionVersion": functionVersion, "Description": description,
      "RoutingConfig": additionalVersionWeights.map {
        ["AdditionalVersionWeights": $0] as OperationInput
      },
    ]
  }

  package func outputIfReached(
    after error: AWSError, with client: ControlClient
  ) throws -> AliasConfiguration? {
    guard Conflict.isExistence(error) else { return nil }
    let found = try client.readIfPresent(
      GetAlias(functionName: functionName, alias: alias), absent: .resourceNotFound)
    guard let found, found.functionVersion == functionVersion,
      found.additionalVersionWeights == additionalVersionWeights ?? [:],
      description == nil || found.description == description
    else { return nil }
    return found
  }
}
