import CLibcrypto
import Glibc

/// Which of OpenSSL's algorithms the function needs: all that TLS 1.2 and 1.3 can negotiate, and all that the key
/// or the signature of a certificate can be of.
@safe enum Algorithms {
  /// Those of libssl's table of ciphers (ssl/ssl_ciph.c), what it uses instead of some of them, and the two of the
  /// random number generator.
  private static let ciphers: [StaticString] = [
    "AES-256-GCM", "AES-128-GCM", "AES-256-CTR", "AES-256-ECB", "AES-256-CBC", "AES-128-CBC",
    "AES-256-CCM", "AES-128-CCM", "AES-128-CBC-HMAC-SHA1", "AES-256-CBC-HMAC-SHA1",
    "AES-128-CBC-HMAC-SHA256", "AES-256-CBC-HMAC-SHA256", "ChaCha20-Poly1305", "ARIA-128-GCM",
    "ARIA-256-GCM", "CAMELLIA-128-CBC", "CAMELLIA-256-CBC", "DES-EDE3-CBC", "NULL",
  ]
  private static let digests: [StaticString] = [
    "SHA2-256", "SHA2-384", "SHA2-512", "SHA2-224", "SHA1", "MD5", "MD5-SHA1",
  ]

  /// The needed ones of an operation, ended as the given list is; nil where all of them are. For the life of the
  /// process.
  static func needed(
    among offered: UnsafePointer<OSSL_ALGORITHM>, of operation: Int32
  ) -> UnsafePointer<OSSL_ALGORITHM>? {
    guard [OSSL_OP_CIPHER, OSSL_OP_DIGEST, OSSL_OP_DECODER, OSSL_OP_ENCODER].contains(operation)
    else {
      return nil
    }
    var count = 0
    while unsafe offered[count].algorithm_names != nil { count += 1 }
    let needed = UnsafeMutablePointer<OSSL_ALGORITHM>.allocate(capacity: count + 1)
    var neededCount = 0
    for index in 0..<count where unsafe isNeeded(offered[index], of: operation) {
      unsafe (needed + neededCount).initialize(to: offered[index])
      neededCount += 1
    }
    unsafe (needed + neededCount).initialize(to: offered[count])
    return unsafe UnsafePointer(needed)
  }

  private static func isNeeded(_ algorithm: OSSL_ALGORITHM, of operation: Int32) -> Bool {
    switch operation {
    case OSSL_OP_CIPHER: unsafe isNamed(algorithm, in: ciphers)
    case OSSL_OP_DIGEST: unsafe isNamed(algorithm, in: digests)
    // Private keys, parameters, and other forms are never read.
    case OSSL_OP_DECODER:
      unsafe strstr(algorithm.property_definition, "structure=SubjectPublicKeyInfo") != nil
    // Nothing is written.
    default: false
    }
  }

  /// The first of an algorithm's names, which a colon ends, decides.
  private static func isNamed(_ algorithm: OSSL_ALGORITHM, in names: [StaticString]) -> Bool {
    guard let first = unsafe algorithm.algorithm_names else { return false }
    let length = unsafe strcspn(first, ":")
    return names.contains {
      unsafe $0.utf8CodeUnitCount == length && memcmp($0.utf8Start, first, length) == 0
    }
  }
}
