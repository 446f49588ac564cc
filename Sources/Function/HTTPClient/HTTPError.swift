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
    /// The transfer's time was over.
    case timedOut
    /// The handshake failed, or the server's certificate was refused.
    case tls
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
  /// The headers of a success whose body did not come whole; nil when the headers did not either.
  public internal(set) var headers: HTTPHeaders?

  /// `HTTP.TimedOut` and the like.
  public var errorType: String {
    switch kind {
    case .nameResolution: "HTTP.NameResolution"
    case .connection: "HTTP.Connection"
    case .connectionLost: "HTTP.ConnectionLost"
    case .incompleteBody: "HTTP.IncompleteBody"
    case .timedOut: "HTTP.TimedOut"
    case .tls: "HTTP.TLS"
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

  /// An error that libcurl reported; `detail` is its error buffer.
  init(code: CURLcode, detail: String) {
    let text = unsafe detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
    self.kind = Self.kind(of: code)
    self.curlCode = code.rawValue
    self.message = text
  }

  /// An error of the multi interface.
  init(multiCode: CURLMcode) {
    self.kind = .other
    self.curlCode = 0
    self.message = unsafe "libcurl: " + String(cString: curl_multi_strerror(multiCode))
  }

  private static func kind(of code: CURLcode) -> Kind {
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .nameResolution
    case CURLE_COULDNT_CONNECT: .connection
    case CURLE_OPERATION_TIMEDOUT: .timedOut
    case CURLE_PARTIAL_FILE: .incompleteBody
    case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR: .connectionLost
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_USE_SSL_FAILED:
      .tls
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
