import CLibcrypto
import OpenSSLSetup

/// SHA-256 with libcrypto.
///
/// Does not touch OpenSSL before the first digest. The algorithm is fetched once, because OpenSSL 3
/// otherwise looks it up for each digest (300 ns). The low-level `SHA256_Init` family is 80 ns
/// faster but deprecated.
public enum SHA256 {
  public static let byteCount = 32

  public static let emptyHexDigest =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

  /// Returns 32 bytes.
  public static func digest(_ bytes: [UInt8]) -> [UInt8] {
    let context = Context()
    context.update(bytes)
    return context.finish()
  }

  /// Returns 64 lower-case hexadecimal digits, the form that AWS requires.
  public static func hexDigest(_ bytes: [UInt8]) -> String {
    Hexadecimal.string(digest(bytes))
  }

  /// An incremental digest. It owns its `EVP_MD_CTX` and must be used by one thread only.
  @safe public final class Context {
    // Written once by the lazy initializer, then only read; OpenSSL allows sharing it.
    nonisolated(unsafe) private static let algorithm: OpaquePointer? = {
      OpenSSLSetup.prepare()
      return unsafe EVP_MD_fetch(nil, "SHA256", nil) ?? EVP_sha256()
    }()

    private let context: OpaquePointer

    /// Creates a context that is ready for `update`.
    public init() {
      guard let context = unsafe EVP_MD_CTX_new() else {
        preconditionFailure("out of memory for a SHA-256 context")
      }
      unsafe self.context = context
      reset()
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// Starts a new digest without allocating.
    public func reset() {
      check(unsafe EVP_DigestInit_ex2(context, Self.algorithm, nil))
    }

    public func update(_ bytes: [UInt8]) {
      update(bytes.span)
    }

    /// Adds bytes of borrowed memory, such as a received chunk.
    public func update(_ bytes: Span<UInt8>) {
      unsafe bytes.withUnsafeBufferPointer {
        check(unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count))
      }
    }

    /// Returns the digest of all bytes since `init` or `reset`. Call `reset` before using the
    /// context again.
    public func finish() -> [UInt8] {
      unsafe [UInt8](unsafeUninitializedCapacity: SHA256.byteCount) { buffer, count in
        check(unsafe EVP_DigestFinal_ex(context, buffer.baseAddress, nil))
        count = SHA256.byteCount
      }
    }

    /// Like `finish`, into an existing buffer.
    func finish(into digest: inout [UInt8]) {
      precondition(digest.count == SHA256.byteCount)
      unsafe digest.withUnsafeMutableBufferPointer {
        check(unsafe EVP_DigestFinal_ex(context, $0.baseAddress, nil))
      }
    }

    /// SHA-256 fails only when libcrypto has no usable provider. Nothing can then be signed, sent,
    /// or verified, so an error could not be reported.
    private func check(_ result: Int32) {
      precondition(result == 1, "libcrypto cannot compute SHA-256: check openssl.cnf")
    }
  }
}

@available(*, unavailable)
extension SHA256.Context: Sendable {}
