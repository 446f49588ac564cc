import CLibcrypto
import CLibssl
import Testing

@testable import OpenSSLSetup

/// The reduced provider exists in the zip only, where libcrypto is static; here is what it would keep.
@Suite struct AlgorithmTests {
  /// The names of the algorithms that are kept of OpenSSL's own; nil where all are.
  private func kept(of operation: Int32) -> [Set<String>]? {
    // Of its own, because unloading it would take it away from the other tests.
    let library = OSSL_LIB_CTX_new()
    let provider = OSSL_PROVIDER_load(library, "default")
    defer {
      OSSL_PROVIDER_unload(provider)
      OSSL_LIB_CTX_free(library)
    }
    var isUncached: Int32 = 0
    guard let offered = OSSL_PROVIDER_query_operation(provider, operation, &isUncached),
      let needed = Algorithms.needed(among: offered, of: operation)
    else { return nil }
    var names: [Set<String>] = []
    for index in 0... {
      guard let text = needed[index].algorithm_names else { break }
      names.append(Set(String(cString: text).uppercased().split(separator: ":").map(String.init)))
    }
    return names
  }

  private func holds(_ kept: [Set<String>]?, _ name: String) -> Bool {
    kept?.contains { $0.contains(name.uppercased()) } == true
  }

  @Test func everyCipherAndDigestThatTLSCanNegotiateIsKept() throws {
    let context = try #require(SSL_CTX_new(TLS_client_method()))
    defer { SSL_CTX_free(context) }
    SSL_CTX_set_security_level(context, 0)
    #expect(SSL_CTX_set_cipher_list(context, "ALL:COMPLEMENTOFALL") == 1)
    let suites = SSL_CTX_get_ciphers(context)
    let count = OPENSSL_sk_num(suites)
    #expect(count > 50)
    let (ciphers, digests) = (kept(of: OSSL_OP_CIPHER), kept(of: OSSL_OP_DIGEST))
    for index in 0..<count {
      let suite = OpaquePointer(OPENSSL_sk_value(suites, index))
      let cipher = SSL_CIPHER_get_cipher_nid(suite)
      // A suite without encryption has no number for it.
      if cipher != NID_undef {
        // libssl makes the short tag of CCM8 with the cipher of CCM.
        #expect(holds(ciphers, String(cString: OBJ_nid2sn(cipher))))
      }
      let digest = try #require(SSL_CIPHER_get_handshake_digest(suite))
      #expect(holds(digests, String(cString: EVP_MD_get0_name(digest))))
    }
  }

  @Test func theRandomNumberGeneratorHasItsCiphers() {
    let ciphers = kept(of: OSSL_OP_CIPHER)
    #expect(holds(ciphers, "AES-256-CTR"))
    #expect(holds(ciphers, "AES-256-ECB"))
  }

  @Test(arguments: ["RSA", "RSA-PSS", "EC", "ED25519", "ED448"])
  func theKeyOfACertificateCanBe(kind: String) {
    #expect(holds(kept(of: OSSL_OP_DECODER), kind))
  }

  @Test(arguments: ["SHA1", "SHA2-224", "SHA2-256", "SHA2-384", "SHA2-512"])
  func theDigestOfASignatureCanBe(name: String) {
    #expect(holds(kept(of: OSSL_OP_DIGEST), name))
  }

  @Test func whatNeitherTLSNorACertificateNamesIsLeftOut() throws {
    #expect(kept(of: OSSL_OP_ENCODER)?.isEmpty == true)
    #expect(!holds(kept(of: OSSL_OP_DIGEST), "BLAKE2B-512"))
    #expect(!holds(kept(of: OSSL_OP_CIPHER), "AES-128-OFB"))
    #expect(try #require(kept(of: OSSL_OP_DECODER)).count < 20)
  }

  @Test func otherOperationsAreAnsweredInFull() {
    for operation in [
      OSSL_OP_KEYMGMT, OSSL_OP_KEYEXCH, OSSL_OP_SIGNATURE, OSSL_OP_RAND, OSSL_OP_KDF,
    ] {
      #expect(kept(of: operation) == nil)
    }
  }
}
