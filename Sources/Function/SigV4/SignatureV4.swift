/// The steps of Signature Version 4 as pure functions, for tests and for the verifier.
///
/// `Signer` uses the same writers and keeps its buffers.
///
/// Source:
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
public enum SignatureV4 {
  /// Step 1: method, path, query, headers, their names, and the payload hash, one per line.
  ///
  /// - Parameter request: complete, including `X-Amz-Date` and all other headers to be signed.
  public static func canonicalRequest(_ request: SigningRequest) -> String {
    var writer = CanonicalRequestWriter()
    writer.writeTarget(path: request.path, query: request.query)
    writer.write(request, headers: request.headers, payloadHash: request.payloadHash.text)
    return String(decoding: writer.canonicalRequest, as: UTF8.self)
  }

  /// Step 2: algorithm, time, scope, and the hash of the canonical request, one per line.
  public static func stringToSign(
    canonicalRequest: String, time: SigningTime, region: String, service: String
  ) -> String {
    var output: [UInt8] = []
    appendStringToSign(
      hexDigestOf: SHA256.digest(Array(canonicalRequest.utf8)), amzDate: time.amzDate,
      scope: CredentialScope(time: time, region: region, service: service), to: &output)
    return String(decoding: output, as: UTF8.self)
  }

  /// Step 3: the key for a day, region, and service: 32 bytes, as secret as the secret access key.
  public static func signingKey(
    secretAccessKey: String, time: SigningTime, region: String, service: String
  ) -> [UInt8] {
    CredentialScope(time: time, region: region, service: service)
      .signingKey(secretAccessKey: secretAccessKey, using: SHA256.Context())
  }

  /// Step 4: 64 lower-case hexadecimal digits.
  public static func signature(stringToSign: String, signingKey: [UInt8]) -> String {
    let hasher = SHA256.Context()
    let key = HMACKey(signingKey, using: hasher)
    return Hexadecimal.string(key.authenticate(Array(stringToSign.utf8), using: hasher))
  }

  static func appendStringToSign(
    hexDigestOf digest: [UInt8], amzDate: String, scope: CredentialScope, to output: inout [UInt8]
  ) {
    output.append(contentsOf: CredentialScope.algorithm.utf8)
    output.append(ASCII.newline)
    output.append(contentsOf: amzDate.utf8)
    output.append(ASCII.newline)
    scope.append(to: &output)
    output.append(ASCII.newline)
    Hexadecimal.append(digest, to: &output)
  }
}
