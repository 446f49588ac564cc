/// An alias as Lambda describes it.
///
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_AliasConfiguration.html
public struct AliasConfiguration: ResponseShape {
  /// The name.
  public let name: String
  /// The ARN.
  public let aliasARN: String?
  /// The version it points to.
  public let functionVersion: String
  /// Empty when there is none.
  public let description: String
  /// Shares of the traffic, 0 to 1, that go to another version instead; empty when none does.
  public let additionalVersionWeights: [String: Double]
  /// Changes with every change.
  public let revisionID: String?

  /// Reads the fields.
  public init(_ fields: ResponseFields) throws(MalformedResponse) {
    name = try fields.string("Name")
    aliasARN = fields.optionalString("AliasArn")
    functionVersion = try fields.string("FunctionVersion")
    description = fields.optionalString("Description") ?? ""
    additionalVersionWeights = try fields.object("RoutingConfig", as: Routing.self)?.weights ?? [:]
    revisionID = fields.optionalString("RevisionId")
  }

  private struct Routing: ResponseShape {
    let weights: [String: Double]

    init(_ fields: ResponseFields) throws(MalformedResponse) {
      weights = fields.doubleMap("AdditionalVersionWeights")
    }
  }
}
