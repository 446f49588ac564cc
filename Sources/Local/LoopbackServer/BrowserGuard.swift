/// The requests that a server on this machine refuses because a browser sends them for somebody else's page.
///
/// Any page on the web can make a browser send requests to 127.0.0.1. By DNS rebinding, its own name can even resolve
/// to 127.0.0.1, so that the browser counts the server as a part of the page. A page cannot choose three headers:
/// `Host`, `Origin`, and `Sec-Fetch-Site`. Programs such as curl, the AWS CLI, and boto3 send the last two never.
///
/// Sources: https://www.w3.org/TR/fetch-metadata/, https://fetch.spec.whatwg.org/#origin-header
package enum BrowserGuard {
  /// Why a request is refused, as a sentence for its sender; nil if it is not.
  package static func refusal(of request: ReceivedHTTPRequest) -> String? {
    let hosts = request.allHeaders("Host")
    if let host = hosts.first(where: { !isLoopback($0) }) {
      return
        "Refused: the host \(quoted(host)) is not this machine. This server answers only to 127.0.0.1, "
        + "localhost, and [::1]."
    }
    guard hosts.count <= 1 else { return "Refused: the request has more than one Host header." }
    let own = hosts.first.map { "http://\($0)" } ?? ""
    if let origin = request.allHeaders("Origin").first(where: { !equalsIgnoringCase($0, own) }) {
      return "Refused: a page of another origin, \(quoted(origin)), must not use this server. "
        + advice(hosts.first)
    }
    let sites = request.allHeaders("Sec-Fetch-Site")
    if let site = sites.first(where: { $0 != "same-origin" && $0 != "none" }) {
      return "Refused: another page sent this request (Sec-Fetch-Site: \(quoted(site))). "
        + advice(hosts.first)
    }
    return nil
  }

  private static func advice(_ host: String?) -> String {
    "Type http://\(host ?? "127.0.0.1") into the address bar of the browser instead."
  }

  /// Whether a `Host` names this machine, with any port: a tunnel may change it.
  static func isLoopback(_ host: String) -> Bool {
    var name = host.utf8[...]
    if let colon = name.lastIndex(of: UInt8(ascii: ":")), name.last != UInt8(ascii: "]") {
      let port = name[name.index(after: colon)...]
      guard (1...5).contains(port.count), port.allSatisfy(isDigit) else { return false }
      name = name[..<colon]
    }
    let text = String(Substring(name)).lowercased()
    if text == "localhost" || text == "[::1]" { return true }
    let numbers = text.split(separator: ".", omittingEmptySubsequences: false)
    return numbers.count == 4 && numbers[0] == "127"
      && numbers.allSatisfy { $0.utf8.allSatisfy(isDigit) && UInt8($0) != nil }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func quoted(_ value: String) -> String {
    "\"\(value.count <= 100 ? value : "\(value.prefix(100))…")\""
  }
}

extension LoopbackConnection {
  /// Sends the 403 of a request that ``BrowserGuard`` refuses.
  package func refuse(_ sentence: String) throws {
    try send(
      status: 403,
      headers: [
        ("Content-Type", "text/plain; charset=utf-8"), ("X-Content-Type-Options", "nosniff"),
      ], body: Array("\(sentence)\n".utf8))
  }
}
