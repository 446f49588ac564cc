/// Points an alias to another version, or changes weights or description; what is nil stays.
///
/// `PUT /2015-03-31/functions/{F}/aliases/{A}`. Idempotent, but for the revision: a repeated
/// request with the same `revisionID` is refused. Errors: `PreconditionFailedException` (412, stale
/// revision), `InvalidParameterValueException` (weights on an alias with provisioned concurrency,
/// more than one additional version), `ResourceConflictException` (409),
/// `ResourceNotFoundException`.
/// Source: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html
package struct UpdateAlias: LambdaOperation, WriteOperation {
  package typealias Output = AliasConfiguration
  package static let method = "PUT"
  /// With a revision the second one is refused as stale.
  package static let isRepeatable = true
  package let functionName: String
  package let alias: String
  package let functionVersion: String?
  /// At most 256 characters.
  package let description: String?
  /// Shares of the traffic, 0 to 1, for one other version; empty removes all weights.
  package let additionalVersionWeights: [String: Double]?
  /// Changes only this revision.
  package let revisionID: String?

  package init(
    functionName: String, alias: String, functionVersion: String? = nil,
    description: String? = nil, additionalVersionWeights: [String: Double]? = nil,
    revisionID: String? = nil
  ) {
    self.functionName = functionName
    self.alias = alias
    self.functionVersion = functionVersion
    self.description = description
    self.additionalVersionWeights = additionalVersionWeights
    self.revisionID = revisionID
  }

  package var subject: String { "\(functionName):\(alias)" }
  package var path: OperationPath { "/2015-03-31/functions/\(functionName)/aliases/\(alias)" }
  package var body: OperationInput? {
    [
      "FunctionVersion": functionVersion, "Description": description,
      "RoutingConfig": additionalVersionWeights.map {
        ["AdditionalVersionWeights": $0] as OperationInput
      },
      "RevisionId": revisionID,
    ]
  }
}
