/// Tells whose credentials these are.
///
/// `POST /`, `Action=GetCallerIdentity`. Needs no permission. Read only. Errors: those of the credentials
/// themselves (`InvalidClientTokenId`, `ExpiredToken`, `SignatureDoesNotMatch`).
/// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
package struct GetCallerIdentity: QueryOperation, ReadOperation {
  /// The identity.
  package struct Output: Sendable, Equatable {
    /// Twelve digits.
    package let account: String
    /// Of the user or the role's session.
    package let arn: String
  }

  /// STS.
  package static let service = ControlService.sts

  /// A request.
  package init() {}

  /// Ourselves.
  package var subject: String { "" }
  /// None.
  package var parameters: [(name: String, value: String?)] { [] }

  /// Reads account and ARN.
  package static func output(of xml: XMLFields) throws(MalformedResponse) -> Output {
    Output(account: try xml.string("Account"), arn: try xml.string("Arn"))
  }
}
