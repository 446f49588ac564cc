import CLibcrypto
import Glibc

/// Which of OpenSSL's algorithms the function needs: all that OpenSSL negotiates in TLS 1.2 and 1.3 without a
/// configuration, and all that the key or the signature of a certificate can be of.
@safe enum Algorithms {
  /// The first names of those that an operation needs; nil where all of them are.
  private static func names(of operation: Int32) -> [StaticString]? {
    switch operation {
    // Those of the suites that OpenSSL offers without a configuration, what it uses instead of some of them, and the
    // two of the random number generator.
    case OSSL_OP_CIPHER:
      [
        "AES-256-GCM", "AES-128-GCM", "ChaCha20-Poly1305", "AES-256-CBC", "AES-128-CBC",
        "AES-128-CBC-HMAC-SHA1", "AES-256-CBC-HMAC-SHA1", "AES-128-CBC-HMAC-SHA256",
        "AES-256-CBC-HMAC-SHA256", "AES-256-CTR", "AES-256-ECB",
      ]
    case OSSL_OP_DIGEST:
      // The last is Ed448's own.
      ["SHA2-256", "SHA2-384", "SHA2-512", "SHA2-224", "SHA1", "MD5", "MD5-SHA1", "SHAKE-256"]
    case OSSL_OP_MAC: ["HMAC"]
    case OSSL_OP_KDF: ["TLS13-KDF", "TLS1-PRF"]
    case OSSL_OP_RAND: ["CTR-DRBG", "SEED-SRC"]
    case OSSL_OP_KEYEXCH: ["DH", "ECDH", "X25519", "X448"]
    // HMAC is that of suites without authenticated encryption.
    case OSSL_OP_KEYMGMT: certificateKeys + ["DH", "X25519", "X448", "HMAC"]
    case OSSL_OP_SIGNATURE: ["RSA", "ECDSA", "ED25519", "ED448", "DSA", "HMAC"]
    case OSSL_OP_DECODER: certificateKeys + ["DER"]
    // Nothing is written.
    case OSSL_OP_ENCODER: []
    default: nil
    }
  }

  private static let certificateKeys: [StaticString] = [
    "RSA", "RSA-PSS", "EC", "ED25519", "ED448", "DSA",
  ]

  /// The needed ones of an operation, ended as the given list is; nil where all of them are. For the life of the
  /// process.
  static func needed(
    among offered: UnsafePointer<OSSL_ALGORITHM>, of operation: Int32
  ) -> UnsafePointer<OSSL_ALGORITHM>? {
    guard let names = names(of: operation) else { return nil }
    var count = 0
    while unsafe offered[count].algorithm_names != nil { count += 1 }
    let needed = UnsafeMutablePointer<OSSL_ALGORITHM>.allocate(capacity: count + 1)
    var neededCount = 0
    for index in 0..<count where unsafe isNamed(offered[index], in: names) {
      // Private keys, parameters, and other forms are never read.
      if operation == OSSL_OP_DECODER,
        unsafe strstr(offered[index].property_definition, "structure=SubjectPublicKeyInfo") == nil
      {
        continue
      }
      unsafe (needed + neededCount).initialize(to: offered[index])
      neededCount += 1
    }
    unsafe (needed + neededCount).initialize(to: offered[count])
    return unsafe UnsafePointer(needed)
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
