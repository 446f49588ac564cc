/// Where a request goes: the part of its URL between the host and the query.
public enum RequestPath: Sendable, Equatable {
  /// Any bytes, such as `/bucket/` and an S3 key, to be percent-encoded once and then sent.
  case raw([UInt8])
  /// Exactly what will be sent, already encoded as far as it is going to be. It is needed where a
  /// segment holds an encoded slash.
  case encoded([UInt8])

  /// Appends what goes over the wire; a missing slash in front is added.
  func appendAsSent(to output: inout [UInt8]) {
    switch self {
    case .raw(let bytes):
      if bytes.first != ASCII.slash { output.append(ASCII.slash) }
      PercentEncoding.append(bytes.span, keepingSlash: true, to: &output)
    case .encoded(let bytes):
      if bytes.first != ASCII.slash { output.append(ASCII.slash) }
      output.append(contentsOf: bytes)
    }
  }
}

/// How a service derives the canonical path from the path that was sent, and what else it wants.
public enum SigningStyle: Sendable, Equatable {
  /// S3: the path as sent, `//`, `.` and `..` included, and an `x-amz-content-sha256` header.
  case s3
  /// Every other service: the path as sent, encoded once more (a `:` is sent as `%3A` and signed as
  /// `%253A`), after its dot segments and repeated slashes were taken out unless told otherwise.
  case standard(normalizesPath: Bool = true)

  /// Appends the canonical form of a path as sent.
  package func appendCanonicalPath(of sent: [UInt8], to output: inout [UInt8]) {
    switch self {
    case .s3:
      output.append(contentsOf: sent)
    case .standard(normalizesPath: true) where PathNormalization.isNeeded(sent.span):
      let path = PathNormalization.normalized(sent)
      PercentEncoding.append(path.span, keepingSlash: true, to: &output)
    case .standard:
      PercentEncoding.append(sent.span, keepingSlash: true, to: &output)
    }
  }
}

/// What is signed in place of the body.
public enum PayloadHash: Sendable, Equatable {
  /// The body's SHA-256 as 64 lower-case hexadecimal digits; see `SHA256.hexDigest`.
  case sha256Hex(String)
  /// `UNSIGNED-PAYLOAD`: S3 then accepts any body.
  case unsigned
  /// The hash of no bytes.
  case empty

  /// The hash of `body`.
  public static func of(_ body: [UInt8]) -> PayloadHash {
    body.isEmpty ? .empty : .sha256Hex(SHA256.hexDigest(body))
  }

  package static let unsignedText = "UNSIGNED-PAYLOAD"

  var text: String {
    switch self {
    case .sha256Hex(let digest): digest
    case .unsigned: Self.unsignedText
    case .empty: SHA256.emptyHexDigest
    }
  }
}

/// A request before it is signed.
public struct SigningRequest: Sendable {
  /// In capitals, as sent.
  public var method: String
  /// Raw or as sent.
  public var path: RequestPath
  /// Names and values before encoding, in any order; names may repeat, values may be empty.
  public var query: [(name: String, value: String)]
  /// What will be sent, `Host` included; a service refuses a signature without it. All are signed but
  /// those that hops change (see `CanonicalHeaders.unsigned`), so give no header that the HTTP client
  /// replaces.
  public var headers: [HeaderField]
  /// The body's.
  public var payloadHash: PayloadHash
  /// By service.
  public var style: SigningStyle
  /// False for the few services (AWS IoT) that want the session token sent but not signed.
  public var sessionTokenIsSigned: Bool

  /// A request whose path is given in one of its two forms.
  public init(
    method: String, path: RequestPath, query: [(name: String, value: String)] = [],
    headers: [HeaderField], payloadHash: PayloadHash, style: SigningStyle,
    sessionTokenIsSigned: Bool = true
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.payloadHash = payloadHash
    self.style = style
    self.sessionTokenIsSigned = sessionTokenIsSigned
  }

  /// A request whose path is given before encoding.
  public init(
    method: String, path: String, query: [(name: String, value: String)] = [],
    headers: [HeaderField], payloadHash: PayloadHash, style: SigningStyle,
    sessionTokenIsSigned: Bool = true
  ) {
    self.init(
      method: method, path: .raw(Array(path.utf8)), query: query, headers: headers,
      payloadHash: payloadHash, style: style, sessionTokenIsSigned: sessionTokenIsSigned)
  }
}
