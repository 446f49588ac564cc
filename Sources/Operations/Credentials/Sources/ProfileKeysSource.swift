import SigV4

/// `aws_access_key_id`, `aws_secret_access_key` and `aws_session_token` of a profile, from the
/// credentials file or else the config file.
///
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-static-credentials.html
public struct ProfileKeysSource: CredentialSource {
  private let profile: Profile

  /// The keys of one profile.
  public init(_ profile: Profile) { self.profile = profile }

  /// Nil without an access key id; an id without its secret is an error.
  public func load() throws(CredentialError) -> ResolvedCredentials? {
    guard let accessKeyID = profile["aws_access_key_id"] else { return nil }
    guard let secret = profile["aws_secret_access_key"] else {
      throw CredentialError(
        source: "profile \"\(profile.name)\"",
        problem: "it has aws_access_key_id and no aws_secret_access_key")
    }
    return ResolvedCredentials(
      credentials: AWSCredentials(
        accessKeyID: accessKeyID, secretAccessKey: secret,
        sessionToken: profile["aws_session_token"]),
      origin: "profile \"\(profile.name)\"")
  }
}
