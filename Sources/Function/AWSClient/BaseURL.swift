/// `https://host:port/prefix` in its parts.
public struct BaseURL: Sendable {
  /// `https://host:port`
  public let origin: String
  /// `host:port`
  public let authority: String
  /// What stands in front of every path; empty for AWS itself.
  public let path: String

  /// The parts of an absolute `http` or `https` URL.
  public init(_ url: String) {
    let schemeEnd = url.utf8.firstIndex(of: UInt8(ascii: "/")) ?? url.startIndex
    let start = url.utf8.index(schemeEnd, offsetBy: 2, limitedBy: url.endIndex) ?? url.endIndex
    let end = url[start...].utf8.firstIndex(of: UInt8(ascii: "/")) ?? url.endIndex
    origin = String(url[..<end])
    authority = String(url[start..<end])
    path = String(url[end...])
  }

  /// The same scheme, host, and port.
  var withoutPath: BaseURL { BaseURL(origin) }
  /// The host without its port.
  var host: Substring { authority.prefix { $0 != ":" } }
}
