import Foundation
import Platform

/// `role_arn` of a profile, with the keys of its `source_profile` or `credential_source`, through
/// STS.
///
/// `external_id`, `role_session_name`, `duration_seconds` (900 s up to the role's own maximum) and
/// `mfa_serial` are sent along. A source profile may assume a role itself, or be the profile itself
/// when that has keys. The keys in between are kept and renewed on their own.
///
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
package struct AssumeRoleSource: CredentialSource {
  /// Prompts for the code of an MFA device, whose serial number is the argument.
  package typealias AskCode = (_ serial: String) -> String

  private let profile: Profile
  private let keys: CredentialProvider
  private let service: SecurityTokenService
  private let askCode: AskCode?

  init(
    _ profile: Profile, keys: CredentialProvider, service: SecurityTokenService, askCode: AskCode?
  ) {
    self.profile = profile
    self.keys = keys
    self.service = service
    self.askCode = askCode
  }

  /// Assumes the role; throws when STS refuses, and when an MFA code is required without a
  /// terminal.
  package func load() throws(CredentialError) -> ResolvedCredentials? {
    guard let role = profile["role_arn"] else { return nil }
    let origin = profile.description(at: "role_arn")
    let source = try keys.resolved()
    let duration = try durationSeconds()
    let code = try mfaCode(role)
    let parameters: [(name: String, value: String?)] = [
      ("RoleArn", role),
      ("RoleSessionName", profile["role_session_name"] ?? service.defaultSessionName),
      ("ExternalId", profile["external_id"]),
      ("DurationSeconds", duration.map(String.init)),
      ("SerialNumber", code == nil ? nil : profile["mfa_serial"]), ("TokenCode", code),
    ]
    return try service.credentials(
      "AssumeRole", of: role, parameters, signedWith: source.credentials, place: .assumeRole,
      origin: "\(origin), role \(role) with the keys of \(source.origin)")
  }

  private func durationSeconds() throws(CredentialError) -> Int? {
    guard let text = profile["duration_seconds"] else { return nil }
    guard let seconds = Int(text) else {
      throw CredentialError(
        source: profile.description(at: "duration_seconds"),
        problem: "duration_seconds = \(text) is not a whole number of seconds")
    }
    return seconds
  }

  private func mfaCode(_ role: String) throws(CredentialError) -> String? {
    guard let serial = profile["mfa_serial"] else { return nil }
    guard let askCode else {
      throw CredentialError(
        source: profile.description(at: "mfa_serial"),
        problem:
          "role \(role) requires an MFA code of \(serial), and there is no terminal to ask on",
        advice:
          "Run the command on a terminal, or set the variables that `aws configure export-credentials "
          + "--profile \(profile.name) --format env` prints")
    }
    let code = askCode(serial).trimmingCharacters(in: .whitespaces)
    guard code.utf8.count == 6, code.allSatisfy(\.isNumber) else {
      throw CredentialError(
        source: profile.description(at: "mfa_serial"), problem: "an MFA code must have six digits")
    }
    return code
  }
}
