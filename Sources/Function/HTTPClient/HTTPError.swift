import CLibcurl
import Platform

/// Why a transfer brought no response, with libcurl's own code.
public struct HTTPError: ReportableError, Equatable, Sendable {
  /// What kind of failure it is, as far as the caller has to decide something.
  public enum Kind: Equatable, Sendable {
    /// The name of the host or proxy could not be resolved.
    case nameResolution
    /// No connection came about.
    case connection
    /// The connection broke before the response was complete.
    case connectionLost
    /// The body was shorter than its `Content-Length`, or its last chunk is missing.
    case incompleteBody
    /// No complete response within the time limits.
    case timedOut
    /// No connection, TLS included, within the time limits: nothing was sent.
    case connectionTimedOut
    /// The connection broke within the TLS handshake.
    case handshakeBroken
    /// The server ended the handshake because of an internal error of its own.
    case handshakeFailed
    /// The server's certificate was refused, or there is no common version or cipher.
    case tls
    /// The proxy refused the connection to the host; with its status when it answered one.
    case proxy(status: Int?)
    /// The body is, or became, larger than allowed. `declaredBytes` when the server said so first.
    case bodyTooLarge(declaredBytes: Int?, limitBytes: Int)
    /// What came back is not HTTP.
    case malformedResponse
    /// The URL, a header or a setting cannot be used.
    case invalidRequest
    /// Anything else.
    case other
  }

  /// The kind.
  public let kind: Kind
  /// The code that libcurl gave (https://curl.se/libcurl/c/libcurl-errors.html); 0 when this
  /// library refused the transfer itself.
  public let curlCode: UInt32
  /// What happened, in words.
  public let message: String
  /// The headers of a success whose body is incomplete; nil when the headers did not either.
  public internal(set) var headers: HTTPHeaders?

  /// Whether none of the trusted certificates has issued the server's or the proxy's, or they cannot be read. An
  /// expired one, and one for another name, are refused for another reason.
  public internal(set) var isUntrusted = false
  /// When it is untrusted: the file whose certificates alone are trusted, as the environment asked for; else nil.
  public internal(set) var trustedFile: String?

  /// `HTTP.TimedOut` and the like.
  public var errorType: String {
    switch kind {
    case .nameResolution: "HTTP.NameResolution"
    case .connection: "HTTP.Connection"
    case .connectionLost: "HTTP.ConnectionLost"
    case .incompleteBody: "HTTP.IncompleteBody"
    case .timedOut, .connectionTimedOut: "HTTP.TimedOut"
    case .handshakeBroken, .handshakeFailed, .tls: "HTTP.TLS"
    case .proxy: "HTTP.Proxy"
    case .bodyTooLarge: "HTTP.BodyTooLarge"
    case .malformedResponse: "HTTP.MalformedResponse"
    case .invalidRequest: "HTTP.InvalidRequest"
    case .other: "HTTP.Other"
    }
  }

  /// An error found by this library.
  init(kind: Kind, message: String) {
    self.kind = kind
    self.curlCode = 0
    self.message = message
  }

  /// Whether a time limit ended the transfer.
  public var isTimeout: Bool { kind == .timedOut || kind == .connectionTimedOut }

  /// An error that libcurl reported; `detail` is its error buffer.
  init(code: CURLcode, detail: String) {
    let text = unsafe detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
    self.kind = code == CURLE_SSL_CONNECT_ERROR ? Self.handshakeKind(text) : Self.kind(of: code)
    self.curlCode = code.rawValue
    self.message = text
  }

  /// An error of the multi interface.
  init(multiCode: CURLMcode) {
    self.kind = .other
    self.curlCode = 0
    self.message = unsafe "libcurl: " + String(cString: curl_multi_strerror(multiCode))
  }

  /// libcurl has one code for everything that happens in a handshake. Only what OpenSSL refused names its "SSL
  /// routines", "asn1 encoding routines", and the like; a reset or an end of the connection does not.
  private static func handshakeKind(_ text: String) -> Kind {
    guard text.holds(" routines:"), !text.holds("unexpected eof") else { return .handshakeBroken }
    return text.holds("alert internal error") ? .handshakeFailed : .tls
  }

  private static func kind(of code: CURLcode) -> Kind {
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .nameResolution
    case CURLE_COULDNT_CONNECT: .connection
    case CURLE_OPERATION_TIMEDOUT: .timedOut
    case CURLE_PARTIAL_FILE: .incompleteBody
    case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR: .connectionLost
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_USE_SSL_FAILED,
      CURLE_SSL_CRL_BADFILE, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS,
      CURLE_SSL_CLIENTCERT:
      .tls
    case CURLE_PROXY: .proxy(status: nil)
    case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING:
      .malformedResponse
    case CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT, CURLE_UNKNOWN_OPTION,
      CURLE_NOT_BUILT_IN:
      .invalidRequest
    default: .other
    }
  }
}

/// Throws what a call of libcurl's easy interface returned, unless it is `CURLE_OK`.
func check(_ code: CURLcode) throws(HTTPError) {
  if code != CURLE_OK { throw HTTPError(code: code, detail: "") }
}

/// The same for the multi interface.
func check(_ code: CURLMcode) throws(HTTPError) {
  if code != CURLM_OK { throw HTTPError(multiCode: code) }
}
