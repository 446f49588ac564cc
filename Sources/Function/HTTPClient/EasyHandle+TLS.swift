import CLibcurl

extension EasyHandle {
  /// Replaces the certificate authorities that the next handshake accepts.
  func trust(_ source: TrustStore.Source) throws(HTTPError) {
    certificates = CertificateStore.shared(for: source)
    // Else libcurl's built-in folder or file of certificates would be trusted as well.
    try unsafe check(clibcurl_setopt_pointer(pointer, CURLOPT_CAPATH, nil))
    try unsafe check(clibcurl_setopt_pointer(pointer, CURLOPT_CAINFO, nil))
    try unsafe check(clibcurl_setopt_pointer(pointer, CURLOPT_CAINFO_BLOB, nil))
    guard certificates == nil else { return }
    switch source {
    case .file(let path): try set(CURLOPT_CAINFO, path)
    case .pem(let bytes): try check(unsafe bytes.withUnsafeBytes { unsafe setBlob($0) })
    case .amazonTrustServices: preconditionFailure("the built-in roots are malformed")
    }
  }

  private func setBlob(_ bytes: UnsafeRawBufferPointer) -> CURLcode {
    var blob = unsafe curl_blob(
      data: UnsafeMutableRawPointer(mutating: bytes.baseAddress), len: bytes.count,
      flags: UInt32(CURL_BLOB_COPY))
    return unsafe clibcurl_setopt_pointer(pointer, CURLOPT_CAINFO_BLOB, &blob)
  }

  /// Whether the last handshake failed only because the server's issuer is not among the trusted:
  /// OpenSSL's `X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT` (2), `…_DEPTH_ZERO_SELF_SIGNED_CERT` (18),
  /// `…_SELF_SIGNED_CERT_IN_CHAIN` (19), `…_GET_ISSUER_CERT_LOCALLY` (20),
  /// `…_VERIFY_LEAF_SIGNATURE` (21). An expired certificate or a wrong name is none of these.
  func issuerIsUnknown(_ error: HTTPError) throws(HTTPError) -> Bool {
    guard error.curlCode == CURLE_PEER_FAILED_VERIFICATION.rawValue else { return false }
    // The handshake with an HTTPS proxy has a result of its own.
    for information in [CURLINFO_SSL_VERIFYRESULT, CURLINFO_PROXY_SSL_VERIFYRESULT] {
      var result = 0
      try unsafe check(clibcurl_getinfo_long(pointer, information, &result))
      if [2, 18, 19, 20, 21].contains(result) { return true }
    }
    return false
  }
}
