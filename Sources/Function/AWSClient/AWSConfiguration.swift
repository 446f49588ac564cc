import Platform

/// Where and how AWS is called; read once, when the function starts.
public struct AWSConfiguration: Sendable {
  /// The region to call and to sign for.
  public let region: String
  /// FIPS 140 endpoints (`AWS_USE_FIPS_ENDPOINT=true`).
  public let usesFIPS: Bool
  /// IPv6 and IPv4 endpoints (`AWS_USE_DUALSTACK_ENDPOINT=true`).
  public let usesDualStack: Bool
  /// Attempts of one call, the first included (`AWS_MAX_ATTEMPTS`, 1 to 100; 3 unless set).
  public let maximumAttempts: Int
  private let environment: Environment

  /// The group of regions to which `region` belongs.
  public var partition: AWSPartition { AWSPartition(region: region) }

  /// Reads the variables that every AWS SDK reads
  /// (https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html).
  ///
  /// - Throws: `ConfigurationError` naming the variable when the region is missing or a value is
  ///   malformed.
  public init(environment: Environment) throws(ConfigurationError) {
    guard let region = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] else {
      throw ConfigurationError(
        variable: "AWS_REGION",
        problem: "is not set. Lambda sets it; elsewhere export it, "
          + "for example AWS_REGION=us-east-1")
    }
    // The region becomes part of a host name.
    guard region.utf8.allSatisfy(\.isNameCharacter), region.utf8.count <= 63 else {
      throw ConfigurationError(
        variable: "AWS_REGION", problem: "is \(region), which is not a region")
    }
    self.region = region
    self.environment = environment
    usesFIPS =
      try environment.flag("AWS_USE_FIPS_ENDPOINT", on: "true", off: "false") ?? false
    usesDualStack =
      try environment.flag("AWS_USE_DUALSTACK_ENDPOINT", on: "true", off: "false") ?? false
    maximumAttempts = try environment.integer("AWS_MAX_ATTEMPTS", in: 1...100) ?? 3
    try Self.check("AWS_ENDPOINT_URL", environment)
  }

  /// Where a service is reached: an override, or its host in the region.
  ///
  /// `prefix` goes in front of the host (a bucket's name with a dot), except of an override.
  public func baseURL(of service: AWSService, prefix: String) -> String {
    override(of: service) ?? "https://\(prefix)\(service.host(self))"
  }

  /// Whether the service's endpoint is replaced by `AWS_ENDPOINT_URL…`.
  public func isOverridden(_ service: AWSService) -> Bool { override(of: service) != nil }

  /// Checks the variable that replaces a service's endpoint, before the service is used.
  ///
  /// - Throws: `ConfigurationError` when it is set to something other than an http or https URL.
  public func checkEndpoint(of service: AWSService) throws(ConfigurationError) {
    try Self.check(service.endpointVariable, environment)
  }

  /// Whether `AWS_ENDPOINT_URL` leads to this `host:port`, whatever the port.
  func overrides(host authority: String) -> Bool {
    guard let url = environment["AWS_ENDPOINT_URL"] else { return false }
    return BaseURL(url).host == authority.prefix { $0 != ":" }
  }

  private func override(of service: AWSService) -> String? {
    let url = environment[service.endpointVariable] ?? environment["AWS_ENDPOINT_URL"]
    return url.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
  }

  private static func check(_ name: String, _ environment: Environment) throws(ConfigurationError) {
    guard let url = environment[name] else { return }
    let hasHost = ["http://", "https://"].contains {
      url.hasPrefix($0) && url.utf8.count > $0.utf8.count
    }
    guard hasHost, url.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x3F && $0 != 0x23 })
    else {
      throw ConfigurationError(
        variable: name, problem: "is \(url), which is not an http or https URL")
    }
  }
}
