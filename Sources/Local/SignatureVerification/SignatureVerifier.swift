import SigV4

/// The server side of Signature Version 4: accepts the signatures that AWS would accept, and
/// refuses others with AWS's own errors.
///
/// Works on the request as received and on the client's own list of signed headers. The path is
/// used verbatim for S3 and encoded again for other services.
package struct SignatureVerifier: Sendable {
  private let credentials: @Sendable (String) -> AWSCredentials?
  private let maximumSkewSeconds: Int64

  /// - Parameters:
  ///   - lookup: returns the credentials of an access key ID, or nil for an unknown key.
  ///   - maximumSkewSeconds: maximum difference from the client's clock; AWS allows 15 minutes.
  package init(
    credentials lookup: @escaping @Sendable (String) -> AWSCredentials?,
    maximumSkewSeconds: Int64 = 900
  ) {
    credentials = lookup
    self.maximumSkewSeconds = maximumSkewSeconds
  }

  /// Verifies one request, signed by header or presigned.
  ///
  /// For a signature in a header, only `X-Amz-Date` is read, not `Date`.
  ///
  /// - Parameters:
  ///   - target: path and query as received.
  ///   - headers: as received, including repeated ones.
  ///   - body: complete.
  ///   - service: the signing name. `s3` has special rules; all others are treated alike.
  ///   - now: the server's time.
  /// - Returns: the access key ID of the client.
  /// - Throws: the error to respond with.
  @discardableResult
  package func verify(
    method: String, target: String, headers: [HeaderField], body: [UInt8], service: String,
    region: String, at now: SigningTime
  ) throws(SignatureError) -> String {
    let style: SigningStyle = service == "s3" ? .s3 : .standard()
    do throws(SignatureRefusal) {
      let request = ReceivedRequest(
        method: method, target: ReceivedTarget(target), headers: headers)
      let received = try ReceivedSignature.parse(request.target, headers: headers)
      try checkScope(of: received, region: region, service: service)
      try checkSignedHeaders(of: received, headers: headers)
      let credentials = try checkCredentials(of: received)
      try checkTime(of: received, now: now)
      let payloadHash = try payloadHash(headers, body: body, style: style, of: received)

      let expected = signature(
        of: request.canonicalRequest(
          style: style, signedHeaders: received.signedHeaders, payloadHash: payloadHash),
        received: received, by: credentials)
      guard ConstantTime.isEqual(expected.utf8, received.signature.utf8) else {
        throw .signatureMismatch
      }
      if style == .s3, payloadHash != PayloadHash.unsignedText,
        payloadHash != SHA256.hexDigest(body)
      {
        throw .payloadMismatch
      }
      return credentials.accessKeyID
    } catch {
      throw style == .s3 ? error.s3 : error.standard
    }
  }

  private func checkScope(
    of received: ReceivedSignature, region: String, service: String
  ) throws(SignatureRefusal) {
    guard received.dateStamp == received.time.dateStamp else {
      throw .wrongScopeDate(received)
    }
    guard received.region == region else { throw .wrongRegion(received, expected: region) }
    guard received.service == service else {
      throw .wrongService(received, expected: service)
    }
  }

  /// AWS requires `host` and every `x-amz-` header of the request to be signed.
  private func checkSignedHeaders(
    of received: ReceivedSignature, headers: [HeaderField]
  ) throws(SignatureRefusal) {
    guard received.isSigned("host") else { throw .unsignedHeader("host") }
    let prefix = "x-amz-".utf8
    for header in headers
    where header.name.utf8.prefix(prefix.count).map(ASCII.lowercased).elementsEqual(prefix) {
      guard received.isSigned(header.name) else { throw .unsignedHeader(header.name) }
    }
  }

  private func checkCredentials(
    of received: ReceivedSignature
  ) throws(SignatureRefusal) -> AWSCredentials {
    guard let credentials = credentials(received.accessKeyID) else { throw .unknownAccessKey }
    let expected = credentials.sessionToken ?? ""
    guard ConstantTime.isEqual(expected.utf8, (received.sessionToken ?? "").utf8) else {
      throw .invalidToken
    }
    return credentials
  }

  private func checkTime(
    of received: ReceivedSignature, now: SigningTime
  ) throws(SignatureRefusal) {
    let age = now.unixSeconds - received.time.unixSeconds
    if let life = received.expiresInSeconds {
      if age < -maximumSkewSeconds { throw .presignedNotYetValid }
      if age > life { throw .presignedExpired }
      return
    }
    if age > maximumSkewSeconds {
      let earliest = SigningTime(unixSeconds: now.unixSeconds - maximumSkewSeconds)
      throw .tooLate(amzDate: received.amzDate, now: now, earliest: earliest)
    }
    if age < -maximumSkewSeconds {
      let latest = SigningTime(unixSeconds: now.unixSeconds + maximumSkewSeconds)
      throw .tooEarly(amzDate: received.amzDate, now: now, latest: latest)
    }
  }

  /// The last line of the canonical request. S3 uses the client's hash, which is compared with the
  /// body later; other services hash the body.
  private func payloadHash(
    _ headers: [HeaderField], body: [UInt8], style: SigningStyle, of received: ReceivedSignature
  ) throws(SignatureRefusal) -> String {
    guard style == .s3 else { return SHA256.hexDigest(body) }
    guard let hash = headers.first(where: { $0.isNamed("x-amz-content-sha256") })?.value else {
      if received.expiresInSeconds != nil { return PayloadHash.unsignedText }
      throw .missingPayloadHash
    }
    // Chunks that are signed separately, or trailing checksums. No client here sends them.
    if hash.hasPrefix("STREAMING-") { throw .streamingPayload }
    let isDigest =
      hash.utf8.count == 64 && hash.utf8.allSatisfy { PercentDecoding.hexadecimalDigit($0) != nil }
    guard isDigest || hash == PayloadHash.unsignedText else { throw .malformedPayloadHash }
    return hash
  }

  private func signature(
    of canonicalRequest: String, received: ReceivedSignature, by credentials: AWSCredentials
  ) -> String {
    let stringToSign = SignatureV4.stringToSign(
      canonicalRequest: canonicalRequest, time: received.time, region: received.region,
      service: received.service)
    let key = SignatureV4.signingKey(
      secretAccessKey: credentials.secretAccessKey, time: received.time, region: received.region,
      service: received.service)
    return SignatureV4.signature(stringToSign: stringToSign, signingKey: key)
  }
}
