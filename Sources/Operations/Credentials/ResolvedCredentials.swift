import SigV4

/// A kind of credential source, in the order in which they are tried.
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

/// Keys with their source.
package struct ResolvedCredentials: Sendable, Equatable {
  /// The keys; their description shows no secret.
  package let credentials: AWSCredentials
  /// When they expire, in milliseconds since 1970; nil for keys that do not.
  package let expirationUnixMilliseconds: Int64?
  package let place: CredentialPlace
  /// Where they came from, for messages: `profile "dev" (~/.aws/credentials line 4)`.
  package let origin: String

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
