import Platform
import SigV4

/// Credentials for each call: resolved once, kept, and renewed before they expire.
///
/// It is used from one thread only.
package final class CredentialProvider {
  /// Botocore's advisory window is 15 minutes, its mandatory one 10; a call takes seconds, so that
  /// five minutes are enough here.
  static let renewalMilliseconds: Int64 = 5 * 60 * 1000

  private let chain: [any CredentialSource]
  private let clock: Clock
  private var current: (keys: ResolvedCredentials, source: any CredentialSource)?

  /// The sources, tried in this order.
  package init(chain: [any CredentialSource], clock: Clock = .system) {
    self.chain = chain
    self.clock = clock
  }

  /// The keys to sign with now.
  ///
  /// - Throws: `CredentialError` when no source has any, or the one that is configured fails.
  package func credentials() throws(CredentialError) -> AWSCredentials {
    try resolved().credentials
  }

  /// The keys, their expiration and their origin.
  package func resolved() throws(CredentialError) -> ResolvedCredentials {
    if let current {
      guard mustRenew(current.keys) else { return current.keys }
      return try renewed(current.keys, current.source)
    }
    for source in chain {
      if let found = try source.load() {
        current = (found, source)
        return found
      }
    }
    throw CredentialError(
      source: "AWS credentials",
      problem: "no credentials in the environment, the profile, or the services of a container or "
        + "an instance",
      advice: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a profile with --profile, "
        + "or run `aws configure`")
  }

  /// The credentials read again from their source, after AWS refused them as expired; nil when there
  /// are none.
  package func renewed() -> AWSCredentials? {
    guard let current, let found = try? current.source.load() else { return nil }
    self.current = (found, current.source)
    return found.credentials
  }

  /// Renews from the same source; while that fails, keys that have not expired yet stay in use.
  private func renewed(
    _ keys: ResolvedCredentials, _ source: any CredentialSource
  ) throws(CredentialError) -> ResolvedCredentials {
    do throws(CredentialError) {
      guard let found = try source.load() else {
        throw CredentialError(
          source: keys.origin, problem: "the credentials expire and no new ones are available")
      }
      current = (found, source)
      return found
    } catch {
      guard let end = keys.expirationUnixMilliseconds, end > clock.unixMilliseconds() else {
        throw error
      }
      return keys
    }
  }

  private func mustRenew(_ credentials: ResolvedCredentials) -> Bool {
    guard let end = credentials.expirationUnixMilliseconds else { return false }
    return end - clock.unixMilliseconds() < Self.renewalMilliseconds
  }
}

@available(*, unavailable)
extension CredentialProvider: Sendable {}
