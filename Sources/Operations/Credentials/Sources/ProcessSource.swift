/// `credential_process` of a profile: a program that prints keys as JSON.
///
/// The line is split as a shell would, and run without one. Its standard error is shown only when
/// the program fails, its standard output never.
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
package struct ProcessSource: CredentialSource {
  private let profile: Profile
  private let programs: ProgramRunner

  init(_ profile: Profile, programs: ProgramRunner) {
    self.profile = profile
    self.programs = programs
  }

  /// Nil without this setting.
  package func load() throws(CredentialError) -> ResolvedCredentials? {
    guard let line = profile["credential_process"] else { return nil }
    let origin = profile.description(at: "credential_process")
    guard let words = ShellWords.split(line), let program = words.first else {
      throw CredentialError(
        source: origin, problem: "credential_process has an unclosed quotation mark")
    }
    return try ProcessOutput.credentials(
      programs.output(of: words, source: origin, advice: ""), place: .process,
      origin: "\(origin), output of \(program)")
  }
}
