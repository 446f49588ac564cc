import CLibcurl

extension EasyHandle {
  /// Replaces the certificate authorities that the next handshake accepts.
  func trust(_ source: TrustStore.Source) throws(HTTPError) {
    // Else libcurl's built-in folder of certificates would be trusted as well.
    try unsafe check(clibcurl_setopt_pointer(pointer, CURLOPT_CAPATH, nil))
    switch source {
    case .file(let path):
      try unsafe check(clibcurl_setopt_pointer(pointer, CURLOPT_CAINFO_BLOB, nil))
      try set(CURLOPT_CAINFO, path)
    case .pem(let bytes):
      let code = unsafe bytes.withUnsafeBytes { unsafe setBlob($0, flags: CURL_BLOB_COPY) }
      try check(code)
    case .amazonTrustServices:
      let bytes = unsafe UnsafeRawBufferPointer(
        start: amazonTrustRoots.utf8Start, count: amazonTrustRoots.utf8CodeUnitCount)
      try unsafe check(setBlob(bytes, flags: CURL_BLOB_NOCOPY))
    }
  }

  private func setBlob(_ bytes: UnsafeRawBufferPointer, flags: Int32) -> CURLcode {
    var blob = unsafe curl_blob(
      data: UnsafeMutableRawPointer(mutating: bytes.baseAddress), len: bytes.count,
      flags: UInt32(flags))
    return unsafe clibcurl_setopt_pointer(pointer, CURLOPT_CAINFO_BLOB, &blob)
  }

  /// Whether the last handshake failed only because the server's issuer is not among the trusted:
  /// OpenSSL's `X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT` (2), `…_DEPTH_ZERO_SELF_SIGNED_CERT` (18),
  /// `…_SELF_SIGNED_CERT_IN_CHAIN` (19), `…_GET_ISSUER_CERT_LOCALLY` (20),
  /// `…_VERIFY_LEAF_SIGNATURE` (21). An expired certificate or a wrong name is none of these.
  func issuerIsUnknown(_ error: HTTPError) throws(HTTPError) -> Bool {
    guard error.curlCode == CURLE_PEER_FAILED_VERIFICATION.rawValue else { return false }
    var result = 0
    try unsafe check(clibcurl_getinfo_long(pointer, CURLINFO_SSL_VERIFYRESULT, &result))
    return [2, 18, 19, 20, 21].contains(result)
  }
}
