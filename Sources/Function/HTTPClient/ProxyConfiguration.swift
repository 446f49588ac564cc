import Platform

/// Which proxy a transfer goes through: none for the Runtime API, the environment's for AWS.
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
}
