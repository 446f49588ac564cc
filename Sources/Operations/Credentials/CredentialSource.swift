/// One place where credentials may be: a link of the chain, one file in `Sources/` each.
package protocol CredentialSource {
  /// Asks the place.
  ///
  /// - Returns: nil when the place is not configured at all, so that the next one is asked.
  /// - Throws: when it is configured and cannot deliver: the chain then ends, because quietly going on
  ///   would act with somebody else's rights.
  func load() throws(CredentialError) -> ResolvedCredentials?
}
