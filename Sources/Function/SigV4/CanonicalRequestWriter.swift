/// Writes target and canonical request into buffers that live on from one request to the next.
struct CanonicalRequestWriter {
  /// The path as it is sent.
  private(set) var path: [UInt8] = []
  private(set) var query = CanonicalQuery()
  private(set) var headers = CanonicalHeaders()
  private(set) var canonicalRequest: [UInt8] = []

  /// The first half: what the client sends, and later signs.
  mutating func writeTarget(path: RequestPath, query: [(name: String, value: String)]) {
    self.path.removeAll(keepingCapacity: true)
    path.appendAsSent(to: &self.path)
    self.query.removeAll()
    for (name, value) in query { self.query.append(name: name, value: value) }
    self.query.finish()
  }

  /// The first half for a request that was received: the path verbatim, the query in canonical order.
  ///
  /// - Parameter parameters: decoded, without the signature.
  mutating func writeTarget(receivedPath: [UInt8], parameters: [(name: [UInt8], value: [UInt8])]) {
    path = receivedPath
    query.removeAll()
    for (name, value) in parameters { query.append(name: name.span, value: value.span) }
    query.finish()
  }

  /// The second half, client side.
  mutating func write(_ request: SigningRequest, headers: [HeaderField], payloadHash: String) {
    selectHeaders(of: request, from: headers)
    writeCanonicalRequest(
      method: request.method, style: request.style, headers: headers, payloadHash: payloadHash)
  }

  /// Decides which headers are signed; a presigned target names them before it is written.
  mutating func selectHeaders(of request: SigningRequest, from headers: [HeaderField]) {
    self.headers.select(from: headers, includingSessionToken: request.sessionTokenIsSigned)
  }

  /// The second half, server side: the client's own list decides.
  mutating func write(
    method: String, style: SigningStyle, headers: [HeaderField], listed: [ArraySlice<UInt8>],
    payloadHash: String
  ) {
    self.headers.select(from: headers, listed: listed)
    writeCanonicalRequest(method: method, style: style, headers: headers, payloadHash: payloadHash)
  }

  private mutating func writeCanonicalRequest(
    method: String, style: SigningStyle, headers: [HeaderField], payloadHash: String
  ) {
    canonicalRequest.removeAll(keepingCapacity: true)
    canonicalRequest.append(contentsOf: method.utf8)
    canonicalRequest.append(ASCII.newline)
    style.appendCanonicalPath(of: path, to: &canonicalRequest)
    canonicalRequest.append(ASCII.newline)
    canonicalRequest.append(contentsOf: query.bytes)
    canonicalRequest.append(ASCII.newline)
    self.headers.appendLines(of: headers, to: &canonicalRequest)
    canonicalRequest.append(ASCII.newline)
    canonicalRequest.append(contentsOf: self.headers.signedNames)
    canonicalRequest.append(ASCII.newline)
    canonicalRequest.append(contentsOf: payloadHash.utf8)
  }
}
