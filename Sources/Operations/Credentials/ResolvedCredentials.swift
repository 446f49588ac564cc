import SigV4

/// Keys as a source gave them.
public struct ResolvedCredentials: Sendable, Equatable {
  /// The keys; their description shows no secret.
  public let credentials: AWSCredentials
  /// When they end, in milliseconds since 1970; nil for keys that do not.
  public let expirationUnixMilliseconds: Int64?
  /// Where they came from, for messages, as `profile "dev" of ~/.aws/credentials`.
  public let origin: String

  /// Keys; see the properties.
  public init(
    credentials: AWSCredentials, expirationUnixMilliseconds: Int64? = nil, origin: String
  ) {
    self.credentials = credentials
    self.expirationUnixMilliseconds = expirationUnixMilliseconds
    self.origin = origin
  }
}
