import Platform

/// Whose account, which region, which endpoint: options first, then variables, then the profile.
public struct AWSSettings: Sendable {
  /// The variables, with `AWS_REGION` and `AWS_ENDPOINT_URL…` as they were resolved: what
  /// `AWSConfiguration` reads.
  public let environment: Environment
  /// The files.
  public let files: SharedConfiguration
  /// The profile in use; empty when it is `default` and there is none.
  public let profile: Profile
  /// Whether the profile was named by an option.
  public let profileIsExplicit: Bool
  /// The region.
  public let region: String

  /// Resolves the settings.
  ///
  /// - Parameters:
  ///   - variables: the process's environment.
  ///   - profile: `--profile`, before `AWS_PROFILE` and `AWS_DEFAULT_PROFILE`.
  ///   - region: `--region`, before `AWS_REGION`, `AWS_DEFAULT_REGION` and the profile's `region`.
  ///   - endpointURL: `--endpoint-url`, for every service, before `AWS_ENDPOINT_URL_SERVICE`,
  ///     `AWS_ENDPOINT_URL` and the profile's `endpoint_url`.
  /// - Throws: `ConfigurationError` when there is no region; `CredentialError` when a profile that was
  ///   named is in neither file, or a file cannot be read.
  public init(
    variables: [String: String], profile: String? = nil, region: String? = nil,
    endpointURL: String? = nil
  ) throws {
    let given = Environment(variables)
    let name = profile ?? given["AWS_PROFILE"] ?? given["AWS_DEFAULT_PROFILE"]
    files = try SharedConfiguration(environment: given)
    self.profile = try Self.profile(name, in: files)
    profileIsExplicit = profile != nil
    let found =
      region ?? given["AWS_REGION"] ?? given["AWS_DEFAULT_REGION"] ?? self.profile["region"]
    guard let found else {
      throw ConfigurationError(
        variable: "AWS_REGION",
        problem: "is not set, and profile \"\(self.profile.name)\" has no region. "
          + "Use --region, for example --region us-east-1")
    }
    self.region = found
    environment = Environment(
      Self.resolved(variables, found, endpointURL, profileURL: self.profile["endpoint_url"]))
  }

  private static func profile(
    _ name: String?, in files: SharedConfiguration
  ) throws(CredentialError) -> Profile {
    if let profile = files[profile: name ?? "default"] { return profile }
    guard let name, name != "default" else { return Profile(name: "default", values: [:]) }
    let known = files.profileNames.joined(separator: ", ")
    throw CredentialError(
      source: "profile \"\(name)\"", problem: "it is in neither shared file",
      advice: known.isEmpty
        ? "Run `aws configure --profile \(name)`" : "These profiles are there: \(known)")
  }

  private static func resolved(
    _ variables: [String: String], _ region: String, _ endpointURL: String?, profileURL: String?
  ) -> [String: String] {
    var values = variables
    values["AWS_REGION"] = region
    if let endpointURL {
      values = values.filter { !$0.key.hasPrefix("AWS_ENDPOINT_URL_") }
      values["AWS_ENDPOINT_URL"] = endpointURL
    } else if values["AWS_ENDPOINT_URL", default: ""].isEmpty, let profileURL {
      values["AWS_ENDPOINT_URL"] = profileURL
    }
    return values
  }
}
