import Foundation
import Platform

/// A role for a token in a file, as Kubernetes and CI services write it:
/// `AWS_WEB_IDENTITY_TOKEN_FILE`, `AWS_ROLE_ARN` and `AWS_ROLE_SESSION_NAME`, or
/// `web_identity_token_file`, `role_arn` and `role_session_name` of a profile.
///
/// The file is read again for each renewal, because the token in it is replaced before it expires.
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
package struct WebIdentitySource: CredentialSource {
  private let environment: Environment
  private let profile: Profile
  private let service: SecurityTokenService

  /// - Parameter environment: an empty one where a profile was named.
  init(_ environment: Environment, _ profile: Profile, service: SecurityTokenService) {
    self.environment = environment
    self.profile = profile
    self.service = service
  }

  /// Nil without a token file; a file that cannot be read, or no role, is an error.
  package func load() throws(CredentialError) -> ResolvedCredentials? {
    let variable = environment["AWS_WEB_IDENTITY_TOKEN_FILE"]
    guard let path = variable ?? profile["web_identity_token_file"] else { return nil }
    let origin =
      variable == nil
      ? profile.description(at: "web_identity_token_file") : "AWS_WEB_IDENTITY_TOKEN_FILE"
    guard let role = environment["AWS_ROLE_ARN"] ?? profile["role_arn"] else {
      throw CredentialError(
        source: origin, problem: "there is a token file and no role",
        advice: "Set AWS_ROLE_ARN, or role_arn in the profile")
    }
    let name = environment["AWS_ROLE_SESSION_NAME"] ?? profile["role_session_name"]
    return try service.credentials(
      "AssumeRoleWithWebIdentity", of: role,
      [
        ("RoleArn", role), ("RoleSessionName", name ?? service.defaultSessionName),
        ("WebIdentityToken", try token(path, origin)),
      ], signedWith: nil, place: .webIdentity,
      origin: "\(origin), role \(role) for the token in \(path)")
  }

  private func token(_ path: String, _ origin: String) throws(CredentialError) -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CredentialError(source: origin, problem: "the token file \(path) cannot be read")
    }
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
