/// Makes an alias.
///
/// `POST /2015-03-31/functions/{F}/aliases`, 201. Not idempotent: an alias that is there is a
/// `ResourceConflictException` (409). Errors: also `ResourceNotFoundException` (no such version),
/// `InvalidParameterValueException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html
public struct CreateAlias: LambdaOperation, WriteOperation {
  /// The alias.
  public typealias Output = AliasConfiguration
  /// `POST`
  public static let method = "POST"
  /// The function.
  public let functionName: String
  /// The alias, 1 to 128 letters, digits, `-` and `_`, not digits alone.
  public let alias: String
  /// The version it points to.
  public let functionVersion: String
  /// At most 256 characters.
  public let description: String?
  /// Shares of the traffic, 0 to 1, for one other version.
  public let additionalVersionWeights: [String: Double]?

  /// A request; see the properties.
  public init(
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
  public var subject: String { "\(functionName):\(alias)" }
  /// The path.
  public var path: OperationPath { "/2015-03-31/functions/\(functionName)/aliases" }
  /// The alias.
  public var body: OperationInput? {
    [
      "Name": alias, "FunctionVersion": functionVersion, "Description": description,
      "RoutingConfig": additionalVersionWeights.map {
        ["AdditionalVersionWeights": $0] as OperationInput
      },
    ]
  }
}
