/// An alias as Lambda describes it.
///
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_AliasConfiguration.html
package struct AliasConfiguration: ResponseShape {
  package let name: String
  package let aliasARN: String?
  package let functionVersion: String
  /// Empty when there is none.
  package let description: String
  /// Shares of the traffic, 0 to 1, that go to another version instead; empty when none does.
  package let additionalVersionWeights: [String: Double]
  package let revisionID: String?

  package init(_ fields: ResponseFields) throws(MalformedResponse) {
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
