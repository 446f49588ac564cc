import SigV4

/// A kind of place where credentials are found, in the order in which they are looked for.
package enum CredentialPlace: String, Sendable, CaseIterable {
  case environment
  case assumeRole = "assume-role"
  case webIdentity = "web-identity"
  case sso
  case credentialsFile = "credentials-file"
  case login
  case process
  case configFile = "config-file"
  case container
  case instanceMetadata = "instance-metadata"
}

/// Keys as a source gave them.
package struct ResolvedCredentials: Sendable, Equatable {
  /// The keys; their description shows no secret.
  package let credentials: AWSCredentials
  /// When they end, in milliseconds since 1970; nil for keys that do not.
  package let expirationUnixMilliseconds: Int64?
  /// The kind of place.
  package let place: CredentialPlace
  /// Where they came from, for messages, as `profile "dev" (~/.aws/credentials line 4)`.
  package let origin: String

  /// Keys; see the properties.
  package init(
    credentials: AWSCredentials, expirationUnixMilliseconds: Int64? = nil, place: CredentialPlace,
    origin: String
  ) {
    self.credentials = credentials
    self.expirationUnixMilliseconds = expirationUnixMilliseconds
    self.place = place
    self.origin = origin
  }
}
