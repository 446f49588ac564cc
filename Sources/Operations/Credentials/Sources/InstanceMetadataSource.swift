import Platform

/// The keys of an EC2 instance's role, from the instance metadata service, version 2.
///
/// One attempt of one second a request (`AWS_METADATA_SERVICE_TIMEOUT`,
/// `AWS_METADATA_SERVICE_NUM_ATTEMPTS` change that), so that the cost is small without such a
/// service; `AWS_EC2_METADATA_DISABLED=true` sends nothing. `AWS_EC2_METADATA_SERVICE_ENDPOINT` or
/// `ec2_metadata_service_endpoint` replace the address,
/// `AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=IPv6` takes the IPv6 one. Version 1, which needs no
/// token, is never used: with `HttpTokens: optional` version 2 works as well.
///
/// Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
package struct InstanceMetadataSource: CredentialSource {
  private let environment: Environment
  private let profile: Profile
  private let http: MetadataHTTP

  init(_ environment: Environment, _ profile: Profile, http: MetadataHTTP) {
    self.environment = environment
    self.profile = profile
    self.http = http
  }

  /// Nil without such a service, or when the instance has no role.
  package func load() throws(CredentialError) -> ResolvedCredentials? {
    let folder = "/latest/meta-data/iam/security-credentials/"
    guard let token = token(), let role = get(folder, token), !role.isEmpty,
      let document = get(folder + role, token)
    else { return nil }
    return try MetadataDocument.credentials(
      Array(document.utf8), place: .instanceMetadata, origin: "role \(role) of this EC2 instance")
  }

  /// The region of the instance; nil without such a service.
  func region() -> String? {
    token().flatMap { get("/latest/meta-data/placement/region", $0) }
  }

  private func token() -> String? {
    guard environment["AWS_EC2_METADATA_DISABLED"]?.lowercased() != "true" else { return nil }
    return send("PUT", "/latest/api/token", ("x-aws-ec2-metadata-token-ttl-seconds", "21600"))
  }

  private func get(_ path: String, _ token: String) -> String? {
    send("GET", path, ("x-aws-ec2-metadata-token", token))
  }

  private func send(_ method: String, _ path: String, _ header: (String, String)) -> String? {
    let timeout = Double(environment["AWS_METADATA_SERVICE_TIMEOUT"] ?? "") ?? 1
    let attempts = Int(environment["AWS_METADATA_SERVICE_NUM_ATTEMPTS"] ?? "") ?? 1
    let body = http.answer(
      method, baseURL + path, [header], attempts: min(max(attempts, 1), 10),
      timeoutMilliseconds: Int64(min(max(timeout, 0.1), 60) * 1000))
    return body.map { String(decoding: $0, as: UTF8.self) }
  }

  private var baseURL: String {
    let given =
      environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ?? profile["ec2_metadata_service_endpoint"]
    let mode =
      environment["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"]
      ?? profile["ec2_metadata_service_endpoint_mode"]
    let address =
      given ?? (mode?.lowercased() == "ipv6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254")
    return address.hasSuffix("/") ? String(address.dropLast()) : address
  }
}
