/// Writes the target and the canonical request into buffers that are reused for the next request.
struct CanonicalRequestWriter {
  /// The path as sent.
  private(set) var path: [UInt8] = []
  private(set) var query = CanonicalQuery()
  private(set) var headers = CanonicalHeaders()
  private(set) var canonicalRequest: [UInt8] = []

  /// Writes the target. Must precede `write`.
  mutating func writeTarget(path: RequestPath, query: [(name: String, value: String)]) {
    self.path.removeAll(keepingCapacity: true)
    path.appendAsSent(to: &self.path)
    self.query.removeAll()
    for (name, value) in query { self.query.append(name: name, value: value) }
    self.query.finish()
  }

  /// Writes the canonical request for the target.
  mutating func write(_ request: SigningRequest, headers: [HeaderField], payloadHash: String) {
    selectHeaders(of: request, from: headers)
    canonicalRequest.removeAll(keepingCapacity: true)
    canonicalRequest.append(contentsOf: request.method.utf8)
    canonicalRequest.append(ASCII.newline)
    request.style.appendCanonicalPath(of: path, to: &canonicalRequest)
    canonicalRequest.append(ASCII.newline)
    canonicalRequest.append(contentsOf: query.bytes)
    canonicalRequest.append(ASCII.newline)
    self.headers.appendLines(of: headers, to: &canonicalRequest)
    canonicalRequest.append(ASCII.newline)
    canonicalRequest.append(contentsOf: self.headers.signedNames)
    canonicalRequest.append(ASCII.newline)
    canonicalRequest.append(contentsOf: payloadHash.utf8)
  }

  /// Selects the headers to sign; a presigned URL must list them before its target is written.
  mutating func selectHeaders(of request: SigningRequest, from headers: [HeaderField]) {
    self.headers.select(from: headers, includingSessionToken: request.sessionTokenIsSigned)
  }
}
