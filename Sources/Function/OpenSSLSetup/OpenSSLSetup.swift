import CLibcrypto
import Glibc

/// Prepares libcrypto, which SigV4 and TLS share, for what the function uses of it.
///
/// OpenSSL 3 registers every algorithm of a kind when the first of that kind is looked up, and asks every decoder
/// for each key of a certificate. Without the algorithms that neither TLS nor a certificate can name, a first answer
/// over HTTPS takes 17 million instructions less (docs/startup.md). Where `OPENSSL_CONF` is set, or libcrypto is a
/// shared library, OpenSSL prepares itself as usual.
public enum OpenSSLSetup {
  /// Must come before the first use of libcrypto or libssl; later calls cost nothing.
  public static func prepare() { _ = isReduced }

  /// Whether only the algorithms of `Algorithms` are registered.
  public static let isReduced: Bool = {
    guard let provider = unsafe clibcrypto_default_provider(), unsafe getenv("OPENSSL_CONF") == nil
    else {
      // Nothing looks up ciphers by their legacy names, and TLS fetches its own; registering 160 names twice
      // would add 0.3 ms to the first event.
      _ = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ADD_ALL_CIPHERS), nil)
      return false
    }
    let options =
      OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ADD_ALL_CIPHERS
      | OPENSSL_INIT_NO_ADD_ALL_DIGESTS | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS
    _ = OPENSSL_init_crypto(UInt64(options), nil)
    // The strength of a certificate's signature is looked up by these names.
    _ = unsafe EVP_add_digest(EVP_sha1())
    _ = unsafe EVP_add_digest(EVP_sha224())
    _ = unsafe EVP_add_digest(EVP_sha256())
    _ = unsafe EVP_add_digest(EVP_sha384())
    _ = unsafe EVP_add_digest(EVP_sha512())
    unsafe ReducedProvider.initializeAll = provider
    let name = "function"
    // When one of them fails, OpenSSL loads its own provider with the first algorithm.
    return unsafe OSSL_PROVIDER_add_builtin(nil, name, ReducedProvider.initialize) == 1
      && OSSL_PROVIDER_load(nil, name) != nil
  }()
}
