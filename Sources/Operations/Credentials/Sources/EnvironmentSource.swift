import Platform
import SigV4

/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`, with
/// `AWS_CREDENTIAL_EXPIRATION` when a tool such as `aws configure export-credentials` set it.
///
/// Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html
package struct EnvironmentSource: CredentialSource {
  private let environment: Environment

  package init(_ environment: Environment) { self.environment = environment }

  /// Nil without an access key id; an id without its secret is an error.
  package func load() throws(CredentialError) -> ResolvedCredentials? {
    guard let accessKeyID = environment["AWS_ACCESS_KEY_ID"] else { return nil }
    guard let secret = environment["AWS_SECRET_ACCESS_KEY"] else {
      throw CredentialError(
        source: "the environment", problem: "AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not"
      )
    }
    return ResolvedCredentials(
      credentials: AWSCredentials(
        accessKeyID: accessKeyID, secretAccessKey: secret,
        // The old name first, as botocore has it.
        sessionToken: environment["AWS_SECURITY_TOKEN"] ?? environment["AWS_SESSION_TOKEN"]),
      expirationUnixMilliseconds: try ExpirationTime.unixMilliseconds(
        environment["AWS_CREDENTIAL_EXPIRATION"], source: "AWS_CREDENTIAL_EXPIRATION"),
      place: .environment, origin: "the environment")
  }
}
