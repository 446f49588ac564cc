/// The path of a request: the part of its URL between host and query.
public enum RequestPath: Sendable, Equatable {
  /// Any bytes, such as `/bucket/` and an S3 key, percent-encoded once before sending.
  case raw([UInt8])
  /// Already encoded and sent unchanged. Required when a segment contains an encoded slash.
  case encoded([UInt8])

  /// Appends the path as sent, with a leading slash added if it is missing.
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

/// How a service derives the canonical path from the sent path, and which header it requires.
public enum SigningStyle: Sendable, Equatable {
  /// S3: the path as sent, including `//`, `.`, and `..`, and an `x-amz-content-sha256` header.
  case s3
  /// All other services: the sent path, encoded again (`:` is sent as `%3A` and signed as `%253A`),
  /// after removing dot segments and repeated slashes if `normalizesPath`.
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

/// The hash that is signed instead of the body.
public enum PayloadHash: Sendable, Equatable {
  /// The body's SHA-256 as 64 lower-case hexadecimal digits; see `SHA256.hexDigest`.
  case sha256Hex(String)
  /// `UNSIGNED-PAYLOAD`, with which S3 accepts any body.
  case unsigned
  /// The hash of an empty body.
  case empty

  public static func of(_ body: [UInt8]) -> PayloadHash {
    body.isEmpty ? .empty : .sha256Hex(SHA256.hexDigest(body))
  }

  /// The hash of a body that was added to `context`, which must be reset before it is used again.
  public static func finished(_ context: SHA256.Context) -> PayloadHash {
    .sha256Hex(Hexadecimal.string(context.finish()))
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

public struct SigningRequest: Sendable {
  /// In upper case, as sent.
  public var method: String
  public var path: RequestPath
  /// Unencoded names and values in any order; names may repeat, values may be empty.
  public var query: [(name: String, value: String)]
  /// All headers to send, including `Host`, which services require. All are signed except those
  /// that intermediaries change (see `CanonicalHeaders.unsigned`), so omit headers that the HTTP
  /// client replaces.
  public var headers: [HeaderField]
  public var payloadHash: PayloadHash
  public var style: SigningStyle
  /// False for services that require an unsigned session token, such as AWS IoT.
  public var sessionTokenIsSigned: Bool

  /// A request with a raw or an encoded path.
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

  /// A request with an unencoded path.
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
