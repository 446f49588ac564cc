import CLibcurl
import Platform

/// Which proxy a transfer goes through: the environment's for AWS.
///
/// The variables are those that libcurl and the AWS SDKs know, lower case first; they are read
/// from the `Environment` value, and libcurl's own look into the process is always turned off.
public struct ProxyConfiguration: Sendable, Equatable {
  let httpsProxy: String
  let httpProxy: String
  /// Hosts that are reached directly, separated by commas.
  let noProxy: String

  /// No proxy, whatever the environment says.
  public static let direct = ProxyConfiguration(environment: Environment([:]))

  /// `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`.
  public init(environment: Environment) {
    httpsProxy = environment["https_proxy"] ?? environment["HTTPS_PROXY"] ?? ""
    httpProxy = environment["http_proxy"] ?? environment["HTTP_PROXY"] ?? ""
    noProxy = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
  }

  /// The proxy for a URL; empty means none, also to libcurl.
  func proxy(for url: String) -> String {
    url.hasPrefix("https:") ? httpsProxy : httpProxy
  }

  /// Refuses a URL that libcurl would refuse at the first request, in words that repeat it.
  ///
  /// - Throws: `.invalidRequest` with the variable's name, but not with its value, which may hold a password.
  func check() throws(HTTPError) {
    try Self.check("HTTPS_PROXY", httpsProxy)
    try Self.check("HTTP_PROXY", httpProxy)
  }

  private static func check(_ name: String, _ url: String) throws(HTTPError) {
    guard !url.isEmpty, !isProxy(url) else { return }
    throw HTTPError(
      kind: .invalidRequest,
      message: "\(name) is not the URL of a proxy; it must have the form http://HOST:PORT or "
        + "http://USER:PASSWORD@HOST:PORT, with special characters percent-encoded")
  }

  /// Reads the URL as libcurl does; a scheme may be missing.
  private static func isProxy(_ url: String) -> Bool {
    guard let parts = unsafe curl_url() else { return true }
    defer { unsafe curl_url_cleanup(parts) }
    let flags = UInt32(CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME)
    guard unsafe curl_url_set(parts, CURLUPART_URL, url, flags) == CURLUE_OK else { return false }
    var scheme: UnsafeMutablePointer<CChar>?
    guard unsafe curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK,
      let name = unsafe scheme
    else { return false }
    defer { unsafe curl_free(name) }
    return unsafe ["http", "https", "socks4", "socks4a", "socks5", "socks5h"].contains(
      String(cString: name))
  }
}
