/// A link of the credential chain; one file in `Sources/` each.
package protocol CredentialSource {
  /// Resolves credentials from this source.
  ///
  /// - Returns: nil when the source is not configured, so that the next one is tried.
  /// - Throws: when it is configured and fails: the chain then ends, because continuing silently
  ///   would act with other permissions.
  func load() throws(CredentialError) -> ResolvedCredentials?
}
