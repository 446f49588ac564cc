import CLibssl

/// A failed OpenSSL call with the library's reason.
package struct OpenSSLError: Error, Sendable, CustomStringConvertible {
  /// The call and the library's reason.
  package let description: String

  init(_ call: String) {
    let reason = ERR_reason_error_string(ERR_get_error()).map { String(cString: $0) }
    description = "\(call): \(reason ?? "no reason given")"
  }
}

/// A certificate with its private key; frees both.
final class KeyedCertificate: @unchecked Sendable {
  // Not modified after init, and OpenSSL's readers are thread-safe.
  let certificate: OpaquePointer
  let key: OpaquePointer

  init(certificate: OpaquePointer, key: OpaquePointer) {
    self.certificate = certificate
    self.key = key
  }

  deinit {
    X509_free(certificate)
    EVP_PKEY_free(key)
  }
}

/// The identity of a TLS server: its certificate, its key, and what it sends behind the certificate.
package final class ServerCertificate: Sendable {
  let leaf: KeyedCertificate
  let issuers: [KeyedCertificate]

  init(leaf: KeyedCertificate, issuers: [KeyedCertificate]) {
    self.leaf = leaf
    self.issuers = issuers
  }

  /// A certificate that no authority has signed.
  package static func selfSigned() throws -> ServerCertificate {
    let leaf = try makeCertificate(
      commonName: "127.0.0.1", issuer: nil, validitySeconds: -3600...86_400,
      extensions: [(NID_subject_alt_name, "IP:127.0.0.1")])
    return ServerCertificate(leaf: leaf, issuers: [])
  }

  /// The same, of a server that forgets to send its intermediate.
  package var withoutIssuers: ServerCertificate { ServerCertificate(leaf: leaf, issuers: []) }

  /// In PEM, for a trust store.
  package var leafPEM: String { get throws { try pem(of: leaf) } }
}

/// A certificate authority for the duration of a test. Nothing else trusts it, and it is never
/// written to disk.
package final class PrivateCertificateAuthority: Sendable {
  private let root: KeyedCertificate
  private let intermediate: KeyedCertificate?
  private let hasKeyIdentifiers: Bool

  /// Creates a root (EC P-256, valid for ten days) and optionally an intermediate that signs the
  /// server certificates.
  package init(
    commonName: String = "Test Root CA", withIntermediate: Bool = false,
    hasKeyIdentifiers: Bool = true
  ) throws {
    self.hasKeyIdentifiers = hasKeyIdentifiers
    let validity = -86_400...864_000
    root = try makeCertificate(
      commonName: commonName, issuer: nil, validitySeconds: validity,
      extensions: [
        (NID_basic_constraints, "critical,CA:TRUE"),
        (NID_key_usage, "critical,keyCertSign,cRLSign"),
      ] + (hasKeyIdentifiers ? [(NID_subject_key_identifier, "hash")] : []))
    intermediate =
      try withIntermediate
      ? makeCertificate(
        commonName: "\(commonName) Intermediate", issuer: root, validitySeconds: validity,
        extensions: [
          (NID_basic_constraints, "critical,CA:TRUE,pathlen:0"),
          (NID_key_usage, "critical,keyCertSign,cRLSign"),
          (NID_subject_key_identifier, "hash"), (NID_authority_key_identifier, "keyid"),
        ]) : nil
  }

  /// The root in PEM, for `AWS_CA_BUNDLE` or a trust store.
  package var rootPEM: String { get throws { try pem(of: root) } }

  /// The intermediate in PEM; empty without one.
  package var intermediatePEM: String { get throws { try intermediate.map(pem) ?? "" } }

  /// A server certificate whose chain ends with this root's certificate by an older authority, as AWS's servers send
  /// theirs.
  package func serverCertificate(
    crossSignedBy older: PrivateCertificateAuthority
  ) throws -> ServerCertificate {
    let own = try serverCertificate()
    let crossSigned = try makeCertificate(
      of: root, issuer: older.root, validitySeconds: -86_400...864_000,
      extensions: [
        (NID_basic_constraints, "critical,CA:TRUE"), (NID_subject_key_identifier, "hash"),
      ])
    return ServerCertificate(leaf: own.leaf, issuers: own.issuers + [crossSigned])
  }

  /// Makes the root the only trust of a certificate store.
  func addRoot(to store: OpaquePointer?) throws {
    guard X509_STORE_add_cert(store, root.certificate) == 1 else {
      throw OpenSSLError("X509_STORE_add_cert")
    }
  }

  /// Issues a server certificate.
  /// - Parameters:
  ///   - names: host names or IP addresses, all as subject alternative names; the first is also the
  ///     common name.
  ///   - validitySeconds: start and end relative to now; `-172_800 ... -86_400` is expired.
  package func serverCertificate(
    for names: [String] = ["127.0.0.1", "localhost"],
    validitySeconds: ClosedRange<Int> = -3600...86_400
  ) throws -> ServerCertificate {
    let isAddress = { (name: String) in
      name.contains(":") || name.allSatisfy { $0.isNumber || $0 == "." }
    }
    let alternatives = names.map { (isAddress($0) ? "IP:" : "DNS:") + $0 }.joined(separator: ",")
    let leaf = try makeCertificate(
      commonName: names.first ?? "nobody", issuer: intermediate ?? root,
      validitySeconds: validitySeconds,
      extensions: [
        (NID_basic_constraints, "critical,CA:FALSE"), (NID_key_usage, "critical,digitalSignature"),
        (NID_ext_key_usage, "serverAuth"), (NID_subject_alt_name, alternatives),
      ] + (hasKeyIdentifiers ? [(NID_authority_key_identifier, "keyid")] : []))
    return ServerCertificate(leaf: leaf, issuers: intermediate.map { [$0] } ?? [])
  }
}

private func pem(of keyed: KeyedCertificate) throws -> String {
  guard let memory = BIO_new(BIO_s_mem()) else { throw OpenSSLError("BIO_new") }
  defer { BIO_free(memory) }
  guard PEM_write_bio_X509(memory, keyed.certificate) == 1 else {
    throw OpenSSLError("PEM_write_bio_X509")
  }
  var bytes = [UInt8](repeating: 0, count: 16_384)
  let count = BIO_read(memory, &bytes, Int32(bytes.count))
  return String(decoding: bytes.prefix(Int(max(0, count))), as: UTF8.self)
}

/// An X.509 version 3 certificate, signed by the issuer or self-signed: with a new P-256 key, or with the name and the
/// key of another one.
private func makeCertificate(
  commonName: String = "", of other: KeyedCertificate? = nil, issuer: KeyedCertificate?,
  validitySeconds: ClosedRange<Int>, extensions: [(nid: Int32, value: String)]
) throws -> KeyedCertificate {
  guard let certificate = X509_new() else { throw OpenSSLError("X509_new") }
  if let other { EVP_PKEY_up_ref(other.key) }
  let made = KeyedCertificate(certificate: certificate, key: try other?.key ?? makeKey())
  X509_set_version(certificate, 2)
  ASN1_INTEGER_set_int64(X509_get_serialNumber(certificate), Int64.random(in: 1...Int64.max))
  X509_gmtime_adj(X509_getm_notBefore(certificate), validitySeconds.lowerBound)
  X509_gmtime_adj(X509_getm_notAfter(certificate), validitySeconds.upperBound)
  if let other { X509_set_subject_name(certificate, X509_get_subject_name(other.certificate)) }
  let name = X509_get_subject_name(certificate)
  if other == nil {
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_FLAG | 1, commonName, -1, -1, 0)
  }
  X509_set_issuer_name(certificate, issuer.map { X509_get_subject_name($0.certificate) } ?? name)
  X509_set_pubkey(certificate, made.key)
  var context = X509V3_CTX()
  X509V3_set_ctx(&context, issuer?.certificate ?? certificate, certificate, nil, nil, 0)
  for (nid, value) in extensions {
    guard let made = X509V3_EXT_conf_nid(nil, &context, nid, value) else {
      throw OpenSSLError("X509V3_EXT_conf_nid(\(value))")
    }
    X509_add_ext(certificate, made, -1)
    X509_EXTENSION_free(made)
  }
  guard X509_sign(certificate, issuer?.key ?? made.key, EVP_sha256()) > 0 else {
    throw OpenSSLError("X509_sign")
  }
  return made
}

private func makeKey() throws -> OpaquePointer {
  guard let context = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nil) else {
    throw OpenSSLError("EVP_PKEY_CTX_new_id")
  }
  defer { EVP_PKEY_CTX_free(context) }
  var key: OpaquePointer?
  guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_CTX_set_group_name(context, "P-256") == 1,
    EVP_PKEY_generate(context, &key) == 1, let key
  else { throw OpenSSLError("EVP_PKEY_generate") }
  return key
}
