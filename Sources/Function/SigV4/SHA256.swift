import CLibcrypto

/// SHA-256 by libcrypto.
///
/// Nothing of OpenSSL is touched before the first digest. The algorithm is fetched once: in OpenSSL 3 a
/// digest that names it anew pays for a look-up each time (300 ns), and the low-level `SHA256_Init`
/// family, 80 ns faster, is deprecated.
public enum SHA256 {
  /// The length of a digest.
  public static let byteCount = 32

  /// The digest of no bytes, in hexadecimal.
  public static let emptyHexDigest =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

  /// The digest of `bytes`: 32 bytes.
  public static func digest(_ bytes: [UInt8]) -> [UInt8] {
    let context = Context()
    context.update(bytes)
    return context.finish()
  }

  /// The digest of `bytes` as 64 lower-case hexadecimal digits, the form AWS wants.
  public static func hexDigest(_ bytes: [UInt8]) -> String {
    Hexadecimal.string(digest(bytes))
  }

  /// A digest over bytes that arrive in pieces. It owns its `EVP_MD_CTX` and belongs to one thread.
  @safe public final class Context {
    // Written once by the runtime's lazy initialiser, then only read; OpenSSL allows sharing it.
    nonisolated(unsafe) private static let algorithm: OpaquePointer? = {
      // Nobody here looks ciphers up by their old names, and TLS fetches them by itself; entering 160
      // names twice takes libcrypto 0.3 ms of the first event.
      _ = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ADD_ALL_CIPHERS), nil)
      return unsafe EVP_MD_fetch(nil, "SHA256", nil) ?? EVP_sha256()
    }()

    private let context: OpaquePointer

    /// Ready to take the first bytes.
    public init() {
      guard let context = unsafe EVP_MD_CTX_new() else {
        preconditionFailure("out of memory for a SHA-256 context")
      }
      unsafe self.context = context
      reset()
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// Forgets what it was given and starts again, without allocating.
    public func reset() {
      check(unsafe EVP_DigestInit_ex2(context, Self.algorithm, nil))
    }

    /// Adds bytes.
    public func update(_ bytes: [UInt8]) {
      update(bytes.span)
    }

    /// Adds bytes of memory that somebody else owns, such as a received chunk.
    public func update(_ bytes: Span<UInt8>) {
      unsafe bytes.withUnsafeBufferPointer {
        check(unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count))
      }
    }

    /// The digest of everything since `init` or `reset`. Then call `reset` to use it again.
    public func finish() -> [UInt8] {
      unsafe [UInt8](unsafeUninitializedCapacity: SHA256.byteCount) { buffer, count in
        check(unsafe EVP_DigestFinal_ex(context, buffer.baseAddress, nil))
        count = SHA256.byteCount
      }
    }

    /// Like `finish`, into a buffer that is already there.
    func finish(into digest: inout [UInt8]) {
      precondition(digest.count == SHA256.byteCount)
      unsafe digest.withUnsafeMutableBufferPointer {
        check(unsafe EVP_DigestFinal_ex(context, $0.baseAddress, nil))
      }
    }

    /// SHA-256 fails only when libcrypto has no usable provider at all: nothing can be signed, sent
    /// or verified then, so there is no one to hand an error to.
    private func check(_ result: Int32) {
      precondition(result == 1, "libcrypto cannot compute SHA-256: check openssl.cnf")
    }
  }
}

@available(*, unavailable)
extension SHA256.Context: Sendable {}
