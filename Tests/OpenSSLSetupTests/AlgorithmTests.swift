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

  /// libcurl leaves the choice of suites to OpenSSL.
  @Test func everyCipherAndDigestThatOpenSSLOffersIsKept() throws {
    let context = try #require(SSL_CTX_new(TLS_client_method()))
    defer { SSL_CTX_free(context) }
    let suites = SSL_CTX_get_ciphers(context)
    let count = OPENSSL_sk_num(suites)
    #expect(count > 50)
    let (ciphers, digests) = (kept(of: OSSL_OP_CIPHER), kept(of: OSSL_OP_DIGEST))
    for index in 0..<count {
      let suite = OpaquePointer(OPENSSL_sk_value(suites, index))
      #expect(holds(ciphers, String(cString: OBJ_nid2sn(SSL_CIPHER_get_cipher_nid(suite)))))
      let digest = try #require(SSL_CIPHER_get_handshake_digest(suite))
      #expect(holds(digests, String(cString: EVP_MD_get0_name(digest))))
    }
  }

  @Test func theRandomNumberGeneratorHasWhatItNeeds() {
    let ciphers = kept(of: OSSL_OP_CIPHER)
    #expect(holds(ciphers, "AES-256-CTR"))
    #expect(holds(ciphers, "AES-256-ECB"))
    #expect(holds(kept(of: OSSL_OP_RAND), "CTR-DRBG"))
    #expect(holds(kept(of: OSSL_OP_RAND), "SEED-SRC"))
  }

  @Test(arguments: ["RSA", "RSA-PSS", "EC", "ED25519", "ED448", "DSA"])
  func theKeyOfACertificateCanBe(kind: String) {
    #expect(holds(kept(of: OSSL_OP_DECODER), kind))
    #expect(holds(kept(of: OSSL_OP_KEYMGMT), kind))
  }

  @Test(arguments: ["RSA", "ECDSA", "ED25519", "ED448", "DSA"])
  func theSignatureOfACertificateCanBe(kind: String) {
    #expect(holds(kept(of: OSSL_OP_SIGNATURE), kind))
  }

  @Test(arguments: ["DH", "ECDH", "X25519", "X448"])
  func aKeyCanBeAgreedOnBy(kind: String) {
    #expect(holds(kept(of: OSSL_OP_KEYEXCH), kind))
    #expect(holds(kept(of: OSSL_OP_KEYMGMT), kind == "ECDH" ? "EC" : kind))
  }

  @Test func bothVersionsOfTLSCanDeriveTheirKeys() {
    #expect(holds(kept(of: OSSL_OP_KDF), "TLS13-KDF"))
    #expect(holds(kept(of: OSSL_OP_KDF), "TLS1-PRF"))
    for operation in [OSSL_OP_MAC, OSSL_OP_KEYMGMT, OSSL_OP_SIGNATURE] {
      #expect(holds(kept(of: operation), "HMAC"))
    }
  }

  /// Ed448 hashes with SHAKE256.
  @Test(arguments: ["SHA1", "SHA2-224", "SHA2-256", "SHA2-384", "SHA2-512", "SHAKE256"])
  func theDigestOfASignatureCanBe(name: String) {
    #expect(holds(kept(of: OSSL_OP_DIGEST), name))
  }

  @Test func whatNeitherTLSNorACertificateNamesIsLeftOut() throws {
    #expect(kept(of: OSSL_OP_ENCODER)?.isEmpty == true)
    #expect(!holds(kept(of: OSSL_OP_DIGEST), "BLAKE2B-512"))
    #expect(!holds(kept(of: OSSL_OP_CIPHER), "AES-128-OFB"))
    #expect(!holds(kept(of: OSSL_OP_CIPHER), "CAMELLIA-128-CBC"))
    #expect(!holds(kept(of: OSSL_OP_KEYMGMT), "SM2"))
    #expect(try #require(kept(of: OSSL_OP_DECODER)).count < 10)
  }

  @Test func otherOperationsAreAnsweredInFull() {
    for operation in [OSSL_OP_ASYM_CIPHER, OSSL_OP_KEM, OSSL_OP_STORE] {
      #expect(kept(of: operation) == nil)
    }
  }
}
