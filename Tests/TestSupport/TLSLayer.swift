import CLibssl
import Glibc
import LoopbackServer

/// The protocol versions that a test can pin.
package enum TLSVersion: Int, Sendable {
  case tls11 = 0x0302
  case tls12 = 0x0303
  case tls13 = 0x0304
}

/// The server's side of TLS over accepted sockets: `LoopbackServer(wrap: layer.accept) { … }`.
package final class TLSLayer: @unchecked Sendable {
  // Configured in init only; SSL_new is thread-safe after that.
  private let context: OpaquePointer
  /// Of each handshake that succeeded, whether the client resumed an earlier session.
  package let resumptions = Recorder<Bool>()

  /// A layer with a certificate. Pin `versions` to `.tls11 ... .tls11` to test that a client
  /// refuses an old version.
  package init(
    certificate: ServerCertificate, minimum: TLSVersion = .tls12, maximum: TLSVersion = .tls13
  ) throws {
    // libssl uses write(2): without this, a closed connection would end the test program.
    signal(SIGPIPE, SIG_IGN)
    guard let context = SSL_CTX_new(TLS_server_method()) else { throw OpenSSLError("SSL_CTX_new") }
    self.context = context
    if minimum == .tls11 { SSL_CTX_set_security_level(context, 0) }
    SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, minimum.rawValue, nil)
    SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, maximum.rawValue, nil)
    guard SSL_CTX_use_certificate(context, certificate.leaf.certificate) == 1,
      SSL_CTX_use_PrivateKey(context, certificate.leaf.key) == 1
    else { throw OpenSSLError("SSL_CTX_use_certificate") }
    for issuer in certificate.issuers {
      // 1: the context keeps its own reference.
      SSL_CTX_ctrl(
        context, SSL_CTRL_CHAIN_CERT, 1, UnsafeMutableRawPointer(issuer.certificate))
    }
  }

  deinit {
    SSL_CTX_free(context)
  }

  /// Performs the handshake. Throws when the client refuses the certificate or the version.
  package func accept(_ descriptor: Int32) throws -> any ByteStream {
    guard let session = SSL_new(context) else { throw OpenSSLError("SSL_new") }
    let stream = TLSStream(session: session)
    guard SSL_set_fd(session, descriptor) == 1, SSL_accept(session) == 1 else {
      throw OpenSSLError("SSL_accept")
    }
    resumptions.add(SSL_session_reused(session) == 1)
    return stream
  }
}

/// One TLS session over a connected socket, used by one thread at a time.
final class TLSStream: ByteStream, @unchecked Sendable {
  private let session: OpaquePointer

  init(session: OpaquePointer) {
    self.session = session
  }

  deinit {
    SSL_free(session)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    ERR_clear_error()
    let count = SSL_read(session, buffer.baseAddress, Int32(clamping: buffer.count))
    if count > 0 { return Int(count) }
    if SSL_get_error(session, count) == SSL_ERROR_ZERO_RETURN { return 0 }
    throw OpenSSLError("SSL_read")
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    var sent = 0
    while sent < bytes.count {
      ERR_clear_error()
      let count = SSL_write(
        session, bytes.baseAddress.map { $0 + sent }, Int32(clamping: bytes.count - sent))
      if count <= 0 { throw OpenSSLError("SSL_write") }
      sent += Int(count)
    }
  }

  func finish() {
    SSL_shutdown(session)
  }
}

/// The client's side, for tests of the layer itself: connects, verifies, and reports.
package enum TLSProbe {
  /// The result of a handshake.
  package struct Outcome: Sendable {
    /// The negotiated version, e.g. `TLSv1.3`; nil when the handshake failed.
    package let version: String?
    /// OpenSSL's verification result: `X509_V_OK` is 0.
    package let verification: Int
  }

  /// Connects to 127.0.0.1, trusts only the given root, and verifies `name` (a host name or an IP
  /// address).
  package static func connect(
    port: UInt16, name: String, trusting authority: PrivateCertificateAuthority,
    maximum: TLSVersion = .tls13
  ) throws -> Outcome {
    let client = try RawClient(port: port)
    guard let context = SSL_CTX_new(TLS_client_method()) else { throw OpenSSLError("SSL_CTX_new") }
    defer { SSL_CTX_free(context) }
    SSL_CTX_set_security_level(context, 0)
    SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, TLSVersion.tls11.rawValue, nil)
    SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, maximum.rawValue, nil)
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
    try authority.addRoot(to: SSL_CTX_get_cert_store(context))
    guard let session = SSL_new(context) else { throw OpenSSLError("SSL_new") }
    defer { SSL_free(session) }
    if name.allSatisfy({ $0.isNumber || $0 == "." }) {
      X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), name)
    } else {
      SSL_set1_host(session, name)
    }
    SSL_set_fd(session, client.descriptor)
    let isConnected = SSL_connect(session) == 1
    defer { if isConnected { SSL_shutdown(session) } }
    return Outcome(
      version: isConnected ? String(cString: SSL_get_version(session)) : nil,
      verification: SSL_get_verify_result(session))
  }
}
