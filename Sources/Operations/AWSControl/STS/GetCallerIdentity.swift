/// Reads the identity of the credentials.
///
/// `POST /`, `Action=GetCallerIdentity`. Needs no permission. Read only. Errors: those of the
/// credentials themselves (`InvalidClientTokenId`, `ExpiredToken`, `SignatureDoesNotMatch`).
/// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
package struct GetCallerIdentity: QueryOperation, ReadOperation {
  package struct Output: Sendable, Equatable {
    package let account: String
    /// The user's ARN, or that of the role's session.
    package let arn: String
  }

  package static let service = ControlService.sts

  package init() {}

  package var subject: String { "" }
  package var parameters: [(name: String, value: String?)] { [] }

  package static func output(of xml: XMLFields) throws(MalformedResponse) -> Output {
    Output(account: try xml.string("Account"), arn: try xml.string("Arn"))
  }
}
