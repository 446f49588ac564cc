import Platform

/// Profile, region and endpoint, resolved from options, then variables, then the profile.
package struct AWSSettings: Sendable {
  /// The variables, with `AWS_REGION` and `AWS_ENDPOINT_URL…` as resolved, for
  /// `AWSConfiguration`.
  package let environment: Environment
  package let files: SharedConfiguration
  /// The profile in use; empty for `default` when no file has one.
  package let profile: Profile
  /// Whether the profile was named by an option.
  package let profileIsExplicit: Bool
  package let region: String
  /// Where the region was found: `AWS_REGION` or `profile "dev" (~/.aws/config line 3)`.
  package let regionOrigin: String
  /// The variables as given, for programs that are started.
  let variables: [String: String]

  /// Resolves the settings.
  ///
  /// - Parameters:
  ///   - variables: the process's environment.
  ///   - profile: `--profile`, before `AWS_PROFILE` and `AWS_DEFAULT_PROFILE`.
  ///   - region: `--region`, before `AWS_REGION`, `AWS_DEFAULT_REGION` and the profile's `region`.
  ///   - endpointURL: `--endpoint-url`, for every service, before `AWS_ENDPOINT_URL_SERVICE`,
  ///     `AWS_ENDPOINT_URL`, the profile's `services` and its `endpoint_url`.
  ///   - instanceRegion: called for the region when it is set nowhere else, for example
  ///     `CredentialChain.instanceRegion`.
  /// - Throws: `ConfigurationError` when there is no region; `CredentialError` when a profile that
  ///   was named is in neither file, or a file cannot be read.
  package init(
    variables: [String: String], profile: String? = nil, region: String? = nil,
    endpointURL: String? = nil,
    instanceRegion: (Environment, Profile) -> String? = { _, _ in nil }
  ) throws {
    let given = Environment(variables)
    let name = profile ?? given["AWS_PROFILE"] ?? given["AWS_DEFAULT_PROFILE"]
    files = try SharedConfiguration(environment: given)
    self.profile = try Self.profile(name, in: files)
    profileIsExplicit = profile != nil
    guard
      let found = Self.region(region, given, self.profile)
        ?? instanceRegion(given, self.profile).map({ ($0, "this EC2 instance") })
    else {
      throw ConfigurationError(
        variable: "AWS_REGION",
        problem: "is not set, and profile \"\(self.profile.name)\" has no region. "
          + "Use --region, for example --region us-east-1")
    }
    (self.region, regionOrigin) = found
    self.variables = variables
    var resolved = variables
    resolved["AWS_REGION"] = found.0
    environment = Environment(
      EndpointSettings(profile: self.profile, files: files).resolved(resolved, option: endpointURL))
  }

  private static func region(
    _ option: String?, _ given: Environment, _ profile: Profile
  ) -> (String, origin: String)? {
    if let option { return (option, "--region") }
    for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
      if let region = given[name] { return (region, name) }
    }
    return profile["region"].map { ($0, profile.description(at: "region")) }
  }

  private static func profile(
    _ name: String?, in files: SharedConfiguration
  ) throws(CredentialError) -> Profile {
    if let profile = files[profile: name ?? "default"] { return profile }
    guard let name, name != "default" else { return Profile(name: "default") }
    let known = files.profileNames.joined(separator: ", ")
    throw CredentialError(
      source: "profile \"\(name)\"", problem: "the profile is in neither shared file",
      advice: known.isEmpty
        ? "Run `aws configure --profile \(name)`" : "Profiles found: \(known)")
  }
}
