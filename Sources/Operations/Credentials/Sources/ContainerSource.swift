import Foundation
import Platform

/// The keys of a container's role, from the address that ECS, EKS Pod Identity or CodeBuild put
/// into `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` (of 169.254.170.2) or
/// `AWS_CONTAINER_CREDENTIALS_FULL_URI`, with the token of `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE`
/// or `AWS_CONTAINER_AUTHORIZATION_TOKEN`.
///
/// Plain HTTP goes only to loopback and the three link-local addresses that AWS uses: a token must
/// not leave the machine unencrypted. No proxy; 2 s an attempt; three attempts, a second apart.
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
package struct ContainerSource: CredentialSource {
  private static let address = "169.254.170.2"
  private static let allowedHosts = [address, "169.254.170.23", "fd00:ec2::23", "localhost"]

  private let environment: Environment
  private let http: MetadataHTTP

  init(_ environment: Environment, http: MetadataHTTP) {
    self.environment = environment
    self.http = http
  }

  /// Nil when neither variable is set.
  package func load() throws(CredentialError) -> ResolvedCredentials? {
    let relative = environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"]
    let full = environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"]
    guard let url = relative.map({ "http://\(Self.address)\($0)" }) ?? full else { return nil }
    let name =
      relative == nil
      ? "AWS_CONTAINER_CREDENTIALS_FULL_URI" : "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
    try Self.check(url, name)
    var headers = [("Accept", "application/json")]
    if let token = try token() { headers.append(("Authorization", token)) }
    let body = try http.require(url, headers, source: name, attempts: 3, timeoutMilliseconds: 2_000)
    return try MetadataDocument.credentials(body, place: .container, origin: "\(name) (\(url))")
  }

  private static func check(_ url: String, _ name: String) throws(CredentialError) {
    let parts = URLComponents(string: url)
    let host = (parts?.host ?? "").trimmingCharacters(in: ["[", "]"])
    if parts?.scheme == "https", !host.isEmpty { return }
    let isLoopback = host == "::1" || (host.hasPrefix("127.") && isIPv4(host))
    guard parts?.scheme == "http", isLoopback || allowedHosts.contains(host) else {
      throw CredentialError(
        source: name,
        problem:
          "\(url) must be https, on loopback, or one of \(allowedHosts.joined(separator: ", "))"
      )
    }
  }

  private static func isIPv4(_ host: String) -> Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
  }

  private func token() throws(CredentialError) -> String? {
    let variable = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
    guard let path = environment["\(variable)_FILE"] else {
      return try Self.checked(environment[variable], variable)
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CredentialError(source: "\(variable)_FILE", problem: "\(path) cannot be read")
    }
    return try Self.checked(String(decoding: data, as: UTF8.self), "\(variable)_FILE")
  }

  private static func checked(
    _ token: String?, _ source: String
  ) throws(CredentialError) -> String? {
    guard token?.contains(where: \.isNewline) != true else {
      throw CredentialError(
        source: source, problem: "the token has a line break and cannot be a header")
    }
    return token
  }
}
