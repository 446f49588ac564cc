/// Makes an alias.
///
/// `POST /2015-03-31/functions/{F}/aliases`, 201. Not idempotent: an alias that is there is a
/// `ResourceConflictException` (409). Errors: also `ResourceNotFoundException` (no such version),
/// `InvalidParameterValueException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html
package struct CreateAlias: LambdaOperation, WriteOperation {
  /// The alias.
  package typealias Output = AliasConfiguration
  /// `POST`
  package static let method = "POST"
  /// The function.
  package let functionName: String
  /// The alias, 1 to 128 letters, digits, `-` and `_`, not digits alone.
  package let alias: String
  /// The version it points to.
  package let functionVersion: String
  /// At most 256 characters.
  package let description: String?
  /// Shares of the traffic, 0 to 1, for one other version.
  package let additionalVersionWeights: [String: Double]?

  /// A request; see the properties.
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

  /// The function and the alias.
  package var subject: String { "\(functionName):\(alias)" }
  /// The path.
  package var path: OperationPath { "/2015-03-31/functions/\(functionName)/aliases" }
  /// The alias.
  package var body: OperationInput? {
    [
      "Name": alias, "FunctionVersion": functionVersion, "Description": description,
      "RoutingConfig": additionalVersionWeights.map {
        ["AdditionalVersionWeights": $0] as OperationInput
      },
    ]
  }
}
