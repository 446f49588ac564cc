/// A signed request with the intermediate results of signing.
public struct SignedRequest: Sendable {
  /// Encoded path and query, exactly as signed; send it unchanged.
  public let target: String
  /// The given headers, then `X-Amz-Date`, `X-Amz-Security-Token` (with a session token),
  /// `X-Amz-Content-Sha256` (S3) and `Authorization`.
  public let headers: [HeaderField]
  let canonicalRequestBytes: [UInt8]
  let stringToSignBytes: [UInt8]
  let signatureBytes: [UInt8]

  /// Contains the session token. For tests, not for logs.
  public var canonicalRequest: String { String(decoding: canonicalRequestBytes, as: UTF8.self) }
  /// Contains no secret.
  public var stringToSign: String { String(decoding: stringToSignBytes, as: UTF8.self) }
  /// 64 lower-case hexadecimal digits.
  public var signature: String { Hexadecimal.string(signatureBytes) }
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
