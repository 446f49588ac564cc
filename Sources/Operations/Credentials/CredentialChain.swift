import Platform

/// The order in which sources are tried, which is botocore's
/// (`botocore.credentials.create_credential_resolver`): the environment; the profile's role; a web
/// identity; the profile's sign-in through IAM Identity Center, its keys in the credentials file,
/// its `aws login`, its process, its keys in the config file; the container's role; the instance's
/// role.
///
/// A profile that was named with `--profile` disables the variables of the first and the third, as
/// in the AWS CLI; `AWS_PROFILE` alone does not.
package enum CredentialChain {
  /// The sources for some settings.
  ///
  /// - Parameter askCode: prompts for the code of an MFA device; nil without a terminal.
  package static func standard(
    _ settings: AWSSettings, clock: Clock = .system, askCode: AssumeRoleSource.AskCode? = nil
  ) -> [any CredentialSource] {
    let builder = ChainBuilder(settings, clock, askCode)
    let environment: [any CredentialSource] =
      settings.profileIsExplicit ? [] : [EnvironmentSource(settings.environment)]
    return environment + [RoleOfProfile(settings.profile, visited: [], builder)]
      + builder.profile(
        settings.profile, settings.profileIsExplicit ? Environment([:]) : settings.environment)
      + [builder.container, builder.instance]
  }

  /// The region of this EC2 instance, which the AWS CLI uses too when no region is set.
  package static func instanceRegion(_ environment: Environment, _ profile: Profile) -> String? {
    InstanceMetadataSource(
      environment, profile, http: MetadataHTTP(environment, clock: .system)
    ).region()
  }
}

/// What the sources of one chain share.
private struct ChainBuilder {
  private let files: SharedConfiguration
  private let clock: Clock
  private let askCode: AssumeRoleSource.AskCode?
  private let service: SecurityTokenService
  private let programs: ProgramRunner
  private let environment: EnvironmentSource
  let container: ContainerSource
  let instance: InstanceMetadataSource

  init(_ settings: AWSSettings, _ clock: Clock, _ askCode: AssumeRoleSource.AskCode?) {
    let metadata = MetadataHTTP(settings.environment, clock: clock)
    files = settings.files
    self.clock = clock
    self.askCode = askCode
    service = SecurityTokenService(settings.environment, clock: clock)
    programs = ProgramRunner(variables: settings.variables)
    environment = EnvironmentSource(settings.environment)
    container = ContainerSource(settings.environment, http: metadata)
    instance = InstanceMetadataSource(settings.environment, settings.profile, http: metadata)
  }

  /// A profile's own sources, without roles.
  func profile(_ profile: Profile, _ variables: Environment) -> [any CredentialSource] {
    [
      WebIdentitySource(variables, profile, service: service),
      CommandLineInterfaceSource(profile, .sso, programs: programs),
      ProfileKeysSource(profile, in: .credentials),
      CommandLineInterfaceSource(profile, .login, programs: programs),
      ProcessSource(profile, programs: programs), ProfileKeysSource(profile, in: .config),
    ]
  }

  /// The profile's role; nil without one, or with a web identity's.
  func role(
    _ profile: Profile, visited: [String]
  ) throws(CredentialError) -> AssumeRoleSource? {
    guard Self.assumesRole(profile) else { return nil }
    let keys = CredentialProvider(
      chain: try keys(for: profile, visited: visited + [profile.name]), clock: clock)
    return AssumeRoleSource(profile, keys: keys, service: service, askCode: askCode)
  }

  private static func assumesRole(_ profile: Profile) -> Bool {
    profile["role_arn"] != nil && profile["web_identity_token_file"] == nil
  }

  /// The source of the keys that assume a profile's role.
  private func keys(
    for profile: Profile, visited: [String]
  ) throws(CredentialError) -> [any CredentialSource] {
    let place = profile.description(at: "role_arn")
    switch (profile["source_profile"], profile["credential_source"]) {
    case (.some, .some):
      throw CredentialError(
        source: place,
        problem: "the profile has both source_profile and credential_source: remove one")
    case (nil, nil):
      throw CredentialError(
        source: place,
        problem: "the profile has role_arn and neither source_profile nor credential_source")
    case (nil, .some(let name)): return [try named(name, of: profile)]
    case (.some(let name), nil):
      let place = profile.description(at: "source_profile")
      guard let source = files[profile: name] else {
        throw CredentialError(
          source: place, problem: "its source_profile \"\(name)\" is in neither shared file")
      }
      let hasKeys = source["aws_access_key_id"] != nil || source["aws_secret_access_key"] != nil
      guard !visited.contains(name) || (name == profile.name && hasKeys) else {
        throw CredentialError(
          source: place,
          problem: "its source_profile forms a loop: "
            + (visited + [name]).joined(separator: " → "))
      }
      if !hasKeys, Self.assumesRole(source) {
        return [RoleOfProfile(source, visited: visited, self)]
      }
      return self.profile(source, Environment([:])) + [MissingKeys(place: place, profile: name)]
    }
  }

  private func named(
    _ name: String, of profile: Profile
  ) throws(CredentialError) -> any CredentialSource {
    let place = profile.description(at: "credential_source")
    let source: any CredentialSource
    switch name {
    case "Environment": source = environment
    case "EcsContainer": source = container
    case "Ec2InstanceMetadata": source = instance
    default:
      throw CredentialError(
        source: place,
        problem: "credential_source = \(name): must be Environment, EcsContainer or "
          + "Ec2InstanceMetadata")
    }
    return RequiredSource(source, place: place, name: name)
  }
}

/// A profile's role, resolved only when its turn comes: a broken one must not stop a user whose
/// keys are in the environment.
private final class RoleOfProfile: CredentialSource {
  private let profile: Profile
  private let visited: [String]
  private let builder: ChainBuilder
  private var source: AssumeRoleSource?

  init(_ profile: Profile, visited: [String], _ builder: ChainBuilder) {
    self.profile = profile
    self.visited = visited
    self.builder = builder
  }

  func load() throws(CredentialError) -> ResolvedCredentials? {
    if source == nil { source = try builder.role(profile, visited: visited) }
    return try source?.load()
  }
}

/// Ends the chain of a source profile.
private struct MissingKeys: CredentialSource {
  let place: String
  let profile: String

  func load() throws(CredentialError) -> ResolvedCredentials? {
    throw CredentialError(source: place, problem: "its source_profile \"\(profile)\" has no keys")
  }
}

/// A source that must have keys, because a profile names it.
private struct RequiredSource: CredentialSource {
  private let source: any CredentialSource
  private let place: String
  private let name: String

  init(_ source: any CredentialSource, place: String, name: String) {
    self.source = source
    self.place = place
    self.name = name
  }

  func load() throws(CredentialError) -> ResolvedCredentials? {
    if let found = try source.load() { return found }
    throw CredentialError(source: place, problem: "its credential_source \(name) has no keys")
  }
}
