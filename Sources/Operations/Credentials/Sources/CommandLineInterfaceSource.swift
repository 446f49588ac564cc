/// Sign-ins that belong to the AWS CLI: IAM Identity Center (`sso_account_id`, `sso_role_name`) and
/// `aws login` (`login_session`).
///
/// Tokens and their renewal are internal to the CLI, so that the keys come from it:
/// `aws configure export-credentials --profile NAME --format process`.
/// Source: https://docs.aws.amazon.com/cli/latest/reference/configure/export-credentials.html
package struct CommandLineInterfaceSource: CredentialSource {
  private let profile: Profile
  private let place: CredentialPlace
  private let programs: ProgramRunner

  /// - Parameter place: `.sso` or `.login`.
  init(_ profile: Profile, _ place: CredentialPlace, programs: ProgramRunner) {
    self.profile = profile
    self.place = place
    self.programs = programs
  }

  /// Nil when the profile has no such sign-in; an error without the CLI.
  package func load() throws(CredentialError) -> ResolvedCredentials? {
    let keys = place == .sso ? ["sso_role_name", "sso_account_id"] : ["login_session"]
    guard let key = keys.first(where: { profile[$0] != nil }) else { return nil }
    let origin = profile.description(at: key)
    let (method, signIn) =
      place == .sso
      ? ("IAM Identity Center", "aws sso login --profile \(profile.name)")
      : ("aws login", "aws login --profile \(profile.name)")
    guard programs.path(of: "aws") != nil else {
      throw CredentialError(
        source: origin,
        problem:
          "the profile signs in with \(method), which requires the AWS CLI, and `aws` is not in PATH",
        advice: "Install the AWS CLI version 2 and run `\(signIn)`, or use another profile")
    }
    let words = [
      "aws", "configure", "export-credentials", "--profile", profile.name, "--format", "process",
    ]
    return try ProcessOutput.credentials(
      programs.output(
        of: words, source: origin, advice: "Run `\(signIn)`; requires version 2 of the AWS CLI"),
      place: place,
      origin: "\(origin), \(method) through the AWS CLI")
  }
}
