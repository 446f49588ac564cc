import CLibssl
import OpenSSLSetup
import Synchronization

/// The certificates of one source of trust, for every connection and thread of the process.
///
/// OpenSSL 3 takes about a million instructions to decode the key of a certificate. Here a certificate is decoded
/// when the issuer of another one in a chain has its subject, which is what `X509_LOOKUP_hash_dir` does with a folder.
@safe final class CertificateStore: Sendable {
  /// An `X509_STORE`, whose changes OpenSSL guards by a lock.
  nonisolated(unsafe) private let store: OpaquePointer
  private let certificates: Mutex<[IndexedCertificate]>

  /// Must come before the first `SSL_CTX`, which would load the texts of OpenSSL's errors.
  private static let prepareTLS: Void = {
    guard OpenSSLSetup.isReduced else { return }
    let options = OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_LOAD_SSL_STRINGS
    _ = OPENSSL_init_ssl(UInt64(options), nil)
  }()

  /// The addresses of subjects that several certificates of a store have. The lock is taken while OpenSSL holds that of
  /// the store, and nothing is waited for under it.
  private static let sharedSubjects = Mutex<[UInt]>([])

  private static let known = Mutex<[(source: TrustStore.Source, store: CertificateStore)]>([])

  /// The store of a source, made once; nil when it must be read by libcurl: a file that is missing or has more than
  /// plain certificates in it.
  static func shared(for source: TrustStore.Source) -> CertificateStore? {
    prepareTLS
    return known.withLock { known in
      if let entry = known.first(where: { $0.source == source }) { return entry.store }
      guard let certificates = CertificateIndex.certificates(of: source),
        let store = CertificateStore(certificates)
      else {
        // Read again the next time: libcurl's error for a file that is missing now must not outlive it.
        return nil
      }
      known.append((source, store))
      return store
    }
  }

  private init?(_ certificates: [IndexedCertificate]) {
    guard let store = unsafe X509_STORE_new() else { return nil }
    unsafe self.store = store
    self.certificates = Mutex(certificates)
    // As libcurl does: a certificate of the store ends a chain even if it is not a root.
    let flags = UInt(X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN)
    unsafe X509_STORE_set_check_issued(store, Self.isIssued)
    // Else the first error of a signature that does not fit is that of the algorithm, and libcurl would report it
    // instead of the certificate's.
    unsafe X509_STORE_set_verify_cb(store) { isAccepted, _ in
      if isAccepted == 0 { ERR_clear_error() }
      return isAccepted
    }
    guard unsafe X509_STORE_set_flags(store, flags) == 1, let method = unsafe Self.method,
      let lookup = unsafe X509_STORE_add_lookup(store, method),
      // A shared store is never freed (`known`).
      unsafe X509_LOOKUP_set_method_data(lookup, Unmanaged.passUnretained(self).toOpaque()) == 1
    else { return nil }
  }

  /// Makes it the trust of an `SSL_CTX`, instead of what the context had.
  func use(in context: OpaquePointer) { unsafe SSL_CTX_set1_cert_store(context, store) }

  nonisolated(unsafe) private static let method: OpaquePointer? = {
    let method = unsafe X509_LOOKUP_meth_new("certificates by subject")
    _ = unsafe X509_LOOKUP_meth_set_get_by_subject(method) { lookup, type, subject, result in
      guard type == X509_LU_X509, let data = unsafe X509_LOOKUP_get_method_data(lookup),
        let subject = unsafe subject, let result = unsafe result
      else { return 0 }
      let found = unsafe Unmanaged<CertificateStore>.fromOpaque(data).takeUnretainedValue()
        .load(subject, into: result)
      return found ? 1 : 0
    }
    return unsafe method
  }()

  /// OpenSSL takes the first certificate whose name and key identifier fit. Of several with one name and without an
  /// identifier, only the signature decides.
  private static let isIssued: X509_STORE_CTX_check_issued_fn = { _, certificate, issuer in
    let found = unsafe X509_check_issued(issuer, certificate)
    // What a key may be used for is checked when the chain is complete.
    let mayNot = [X509_V_ERR_KEYUSAGE_NO_CERTSIGN, X509_V_ERR_KEYUSAGE_NO_DIGITAL_SIGNATURE]
    guard found == X509_V_OK || mayNot.contains(found) else { return 0 }
    let name = unsafe X509_get_subject_name(issuer)
    let isShared = CertificateStore.sharedSubjects.withLock {
      $0.contains { unsafe X509_NAME_cmp(OpaquePointer(bitPattern: $0), name) == 0 }
    }
    guard isShared else { return 1 }
    // The verification of a chain must not end with the error of a certificate that is not in it.
    _ = ERR_set_mark()
    defer { _ = ERR_pop_to_mark() }
    return unsafe X509_verify(certificate, X509_get0_pubkey(issuer)) == 1 ? 1 : 0
  }

  /// Decodes every certificate of a subject into the store; of several, as of a root and its successor, `isIssued`
  /// chooses.
  private func load(_ subject: OpaquePointer, into result: OpaquePointer) -> Bool {
    certificates.withLock { certificates in
      var isFound = false
      let named = certificates.indices.filter {
        unsafe X509_NAME_cmp(certificates[$0].subject, subject) == 0
      }
      if named.count > 1 {
        let address = unsafe UInt(bitPattern: certificates[named[0]].subject)
        Self.sharedSubjects.withLock { if !$0.contains(address) { $0.append(address) } }
      }
      for index in named {
        guard let certificate = unsafe certificates[index].decode(),
          unsafe X509_STORE_add_cert(store, certificate) == 1
        else { continue }
        // OpenSSL counts its own reference to the result; the index keeps the certificate.
        if !isFound, unsafe X509_OBJECT_set1_X509(result, certificate) == 1 {
          unsafe X509_free(certificate)
          isFound = true
        }
      }
      return isFound
    }
  }
}
