import SigV4

/// `aws_access_key_id`, `aws_secret_access_key` and `aws_session_token` of a profile in one of the
/// two shared files: the parts of a key never come from both.
///
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-static-credentials.html
package struct ProfileKeysSource: CredentialSource {
  private let profile: Profile
  private let file: Profile.File

  /// The keys of one profile in one file.
  package init(_ profile: Profile, in file: Profile.File) {
    self.profile = profile
    self.file = file
  }

  /// Nil without an access key id; an id without its secret is an error.
  package func load() throws(CredentialError) -> ResolvedCredentials? {
    guard let accessKeyID = value("aws_access_key_id") else { return nil }
    let origin = profile.description(at: "aws_access_key_id", in: file)
    guard let secret = value("aws_secret_access_key") else {
      throw CredentialError(
        source: origin, problem: "aws_access_key_id is set, aws_secret_access_key is not")
    }
    return ResolvedCredentials(
      credentials: AWSCredentials(
        accessKeyID: accessKeyID, secretAccessKey: secret,
        sessionToken: value("aws_security_token") ?? value("aws_session_token")),
      place: file == .credentials ? .credentialsFile : .configFile, origin: origin)
  }

  private func value(_ key: String) -> String? { profile.setting(key, in: file)?.value }
}
