/// Signs requests with AWS Signature Version 4, by header or by presigned URL.
///
/// Caches derived keys and buffers. Use each instance from one thread only. Depends only on its
/// arguments, not on a clock or the environment.
///
/// Source:
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
public final class Signer {
  /// The maximum lifetime of a presigned URL: seven days.
  public static let maximumExpirySeconds = 604_800

  /// Created with the first signature, because initializing libcrypto takes a millisecond
  /// (docs/startup.md).
  private lazy var hasher = SHA256.Context()
  private var keys = SigningKeyCache()
  private var writer = CanonicalRequestWriter()
  private var stringToSign: [UInt8] = []
  private var text: [UInt8] = []
  private var last: (time: SigningTime, amzDate: String, dateStamp: String)?
  private var digest = [UInt8](repeating: 0, count: SHA256.byteCount)

  public init() {}

  /// Signs with the `Authorization` header.
  ///
  /// Headers of the request that signing sets (`X-Amz-Date`, `X-Amz-Security-Token`,
  /// `Authorization`, for S3 `X-Amz-Content-Sha256`) are replaced.
  ///
  /// - Parameters:
  ///   - request: the request to send, including `Host`.
  ///   - region: for example `eu-central-1`.
  ///   - service: the signing name: `s3`, `sagemaker`, `lambda`.
  ///   - time: the current time; services refuse a difference of more than 15 minutes.
  public func sign(
    _ request: SigningRequest, credentials: AWSCredentials, region: String, service: String,
    time: SigningTime
  ) -> SignedRequest {
    let (amzDate, dateStamp) = texts(of: time)
    let scope = CredentialScope(dateStamp: dateStamp, region: region, service: service)
    let payloadHash = request.payloadHash.text
    var headers = keptHeaders(of: request)
    headers.append(HeaderField(name: "X-Amz-Date", value: amzDate))
    if let token = credentials.sessionToken {
      headers.append(HeaderField(name: "X-Amz-Security-Token", value: token))
    }
    if request.style == .s3 {
      headers.append(HeaderField(name: "X-Amz-Content-Sha256", value: payloadHash))
    }
    writer.writeTarget(path: request.path, query: request.query)
    writer.write(request, headers: headers, payloadHash: payloadHash)
    computeSignature(credentials: credentials, scope: scope, amzDate: amzDate)
    headers.append(
      HeaderField(name: "Authorization", value: authorization(credentials, scope: scope)))
    return SignedRequest(
      target: target(), headers: headers,
      canonicalRequestBytes: writer.canonicalRequest, stringToSignBytes: stringToSign,
      signatureBytes: digest)
  }

  /// Signs with the query. Anyone can use the resulting URL target until it expires. It is a
  /// credential, and may contain a session token: keep it out of logs.
  ///
  /// All given headers are signed and must be sent with the URL; usually this is only `Host`. For
  /// S3 the payload hash is always `UNSIGNED-PAYLOAD`.
  ///
  /// - Parameter expiresInSeconds: clamped to 1 to 604800 (7 days).
  public func presign(
    _ request: SigningRequest, credentials: AWSCredentials, region: String, service: String,
    time: SigningTime, expiresInSeconds: Int
  ) -> String {
    let scope = CredentialScope(time: time, region: region, service: service)
    let amzDate = time.amzDate
    let headers = keptHeaders(of: request)
    writer.selectHeaders(of: request, from: headers)
    let expiry = min(max(expiresInSeconds, 1), Self.maximumExpirySeconds)
    var query = request.query.filter { !PresignedParameter.isReserved($0.name) }
    query += [
      (PresignedParameter.algorithm, CredentialScope.algorithm),
      (PresignedParameter.credential, credential(credentials, scope: scope)),
      (PresignedParameter.date, amzDate),
      (PresignedParameter.expires, String(expiry)),
      (
        PresignedParameter.signedHeaders,
        String(decoding: writer.headers.signedNames, as: UTF8.self)
      ),
    ]
    if let token = credentials.sessionToken, request.sessionTokenIsSigned {
      query.append((PresignedParameter.securityToken, token))
    }
    writer.writeTarget(path: request.path, query: query)
    writer.write(
      request, headers: headers,
      payloadHash: request.style == .s3 ? PayloadHash.unsignedText : request.payloadHash.text)
    computeSignature(credentials: credentials, scope: scope, amzDate: amzDate)
    var result = target()
    if let token = credentials.sessionToken, !request.sessionTokenIsSigned {
      var encoded: [UInt8] = []
      PercentEncoding.append(token, to: &encoded)
      result += "&\(PresignedParameter.securityToken)=\(String(decoding: encoded, as: UTF8.self))"
    }
    return "\(result)&\(PresignedParameter.signature)=\(Hexadecimal.string(digest))"
  }

  /// Several requests are signed within a second.
  private func texts(of time: SigningTime) -> (amzDate: String, dateStamp: String) {
    if let last, last.time == time { return (last.amzDate, last.dateStamp) }
    let texts = (time.amzDate, time.dateStamp)
    last = (time, texts.0, texts.1)
    return texts
  }

  private func keptHeaders(of request: SigningRequest) -> [HeaderField] {
    var headers: [HeaderField] = []
    headers.reserveCapacity(request.headers.count + 4)
    for header in request.headers
    where !header.isNamed("authorization") && !header.isNamed("x-amz-date")
      && !header.isNamed("x-amz-security-token")
      && !(request.style == .s3 && header.isNamed("x-amz-content-sha256"))
    {
      headers.append(header)
    }
    return headers
  }

  /// Writes the string to sign and the signature to their buffers.
  private func computeSignature(
    credentials: AWSCredentials, scope: CredentialScope, amzDate: String
  ) {
    hasher.reset()
    hasher.update(writer.canonicalRequest)
    hasher.finish(into: &digest)
    stringToSign.removeAll(keepingCapacity: true)
    SignatureV4.appendStringToSign(
      hexDigestOf: digest, amzDate: amzDate, scope: scope, to: &stringToSign)
    keys.key(for: credentials, scope: scope, using: hasher)
      .authenticate(stringToSign, using: hasher, into: &digest)
  }

  private func target() -> String {
    text.removeAll(keepingCapacity: true)
    text.append(contentsOf: writer.path)
    if !writer.query.bytes.isEmpty {
      text.append(UInt8(ascii: "?"))
      text.append(contentsOf: writer.query.bytes)
    }
    return String(decoding: text, as: UTF8.self)
  }

  private func authorization(_ credentials: AWSCredentials, scope: CredentialScope) -> String {
    text.removeAll(keepingCapacity: true)
    text.append(contentsOf: CredentialScope.algorithm.utf8)
    text.append(contentsOf: " Credential=".utf8)
    text.append(contentsOf: credentials.accessKeyID.utf8)
    text.append(ASCII.slash)
    scope.append(to: &text)
    text.append(contentsOf: ", SignedHeaders=".utf8)
    text.append(contentsOf: writer.headers.signedNames)
    text.append(contentsOf: ", Signature=".utf8)
    Hexadecimal.append(digest, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  private func credential(_ credentials: AWSCredentials, scope: CredentialScope) -> String {
    text.removeAll(keepingCapacity: true)
    text.append(contentsOf: credentials.accessKeyID.utf8)
    text.append(ASCII.slash)
    scope.append(to: &text)
    return String(decoding: text, as: UTF8.self)
  }
}

@available(*, unavailable)
extension Signer: Sendable {}

extension Signer: CustomStringConvertible, CustomReflectable {
  /// Reveals neither requests nor keys.
  public var description: String { "Signer" }

  /// Empty: the cached keys are secrets.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
