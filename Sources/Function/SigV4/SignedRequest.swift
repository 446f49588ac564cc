/// A signed request with the intermediate results of signing.
public struct SignedRequest: Sendable {
  /// Encoded path and query, exactly as signed; send it unchanged.
  public let target: String
  /// The given headers, then `X-Amz-Date`, `X-Amz-Security-Token` (with a session token),
  /// `X-Amz-Content-Sha256` (S3) and `Authorization`.
  public let headers: [HeaderField]
  /// Contains the session token. For tests, not for logs.
  public let canonicalRequest: String
  /// Contains no secret.
  public let stringToSign: String
  /// 64 lower-case hexadecimal digits.
  public let signature: String
}

extension SignedRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The target and the names of the headers.
  public var description: String {
    "SignedRequest(\(target), headers: \(headers.map(\.name).joined(separator: ", ")))"
  }

  public var debugDescription: String { description }

  /// Omits the canonical request, which contains the session token.
  public var customMirror: Mirror {
    Mirror(
      self, children: ["target": target, "headers": headers, "stringToSign": stringToSign],
      displayStyle: .struct)
  }
}
