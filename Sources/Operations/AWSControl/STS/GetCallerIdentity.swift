/// Tells whose credentials these are.
///
/// `POST /`, `Action=GetCallerIdentity`. Needs no permission. Read only. Errors: those of the credentials
/// themselves (`InvalidClientTokenId`, `ExpiredToken`, `SignatureDoesNotMatch`).
/// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
public struct GetCallerIdentity: QueryOperation, ReadOperation {
  /// The identity.
  public struct Output: Sendable, Equatable {
    /// Twelve digits.
    public let account: String
    /// Of the user or the role's session.
    public let arn: String
  }

  /// STS.
  public static let service = ControlService.sts

  /// A request.
  public init() {}

  /// Ourselves.
  public var subject: String { "" }
  /// None.
  public var parameters: [(name: String, value: String?)] { [] }

  /// Reads account and ARN.
  public static func output(of xml: XMLFields) throws(MalformedResponse) -> Output {
    Output(account: try xml.string("Account"), arn: try xml.string("Arn"))
  }
}
