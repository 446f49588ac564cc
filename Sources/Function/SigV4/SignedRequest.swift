/// A signed request: what to send, and how it came about.
public struct SignedRequest: Sendable {
  /// Encoded path and query exactly as signed; send it without change.
  public let target: String
  /// The given headers, then `X-Amz-Date`, `X-Amz-Security-Token` (with a session token),
  /// `X-Amz-Content-Sha256` (S3) and `Authorization`.
  public let headers: [HeaderField]
  /// Holds the session token: for tests, not for logs.
  public let canonicalRequest: String
  /// Holds no secret.
  public let stringToSign: String
  /// 64 lower-case hexadecimal digits.
  public let signature: String
}

extension SignedRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The target and the names of the headers.
  public var description: String {
    "SignedRequest(\(target), headers: \(headers.map(\.name).joined(separator: ", ")))"
  }

  /// The same as `description`.
  public var debugDescription: String { description }

  /// Leaves the canonical request out, and with it the session token.
  public var customMirror: Mirror {
    Mirror(
      self, children: ["target": target, "headers": headers, "stringToSign": stringToSign],
      displayStyle: .struct)
  }
}
