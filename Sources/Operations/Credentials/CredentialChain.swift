/// The order in which places are asked, which is botocore's (`botocore.credentials.create_credential_resolver`).
///
/// A profile that was named with `--profile` silences the variables, as in the AWS CLI;
/// `AWS_PROFILE` alone does not.
public enum CredentialChain {
  /// The sources for some settings.
  public static func standard(_ settings: AWSSettings) -> [any CredentialSource] {
    let environment: [any CredentialSource] =
      settings.profileIsExplicit ? [] : [EnvironmentSource(settings.environment)]
    return environment + [
      ProfileKeysSource(settings.profile)
    ]
  }
}
