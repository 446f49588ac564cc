extension HTTPClient {
  /// Opens a TLS connection ahead of an origin's first request, while something else is waited for.
  ///
  /// libcurl pools only connections that have carried a request, so a `GET` of `url` without
  /// credentials is sent; any response will do, and a failure is left to the first request to report.
  /// Nothing is sent for plain HTTP, or when the origin was asked before. `run` does not wait for it.
  public func connect(to url: String) {
    guard url.hasPrefix("https:") else { return }
    let request = HTTPRequest(
      method: "GET", url: url, timeoutMilliseconds: connectAheadMilliseconds,
      maximumBodyBytes: 65_536)
    let origin = request.origin
    guard !idle.knows(origin), connecting[origin] == nil,
      !active.contains(where: { $0.transfer?.origin == origin })
    else { return }
    connecting[origin] = []
    start(Transfer(request) { [unowned self] _ in finishConnecting(origin) })
  }

  /// Makes a whole request ahead, where the time is nobody's: OpenSSL, the certificates, the resolver, and a TLS
  /// session that the next connection resumes are ready then. The connection itself is closed, because the process
  /// may be frozen for hours before it is needed.
  ///
  /// The `GET` is that of `connect`. Nothing is sent for plain HTTP.
  public func rehearse(with url: String) {
    guard url.hasPrefix("https:") else { return }
    var request = HTTPRequest(
      method: "GET", url: url, timeoutMilliseconds: connectAheadMilliseconds,
      maximumBodyBytes: 65_536)
    request.endsConnection = true
    // A host that cannot be reached is left to the first request to report.
    _ = try? send(request)
  }

  private func finishConnecting(_ origin: Substring) {
    for (waiting, since) in connecting.removeValue(forKey: origin) ?? [] {
      var request = waiting.request
      let waited = clock.monotonicMilliseconds() - since
      request.timeoutMilliseconds = request.timeoutMilliseconds.map { max(1, $0 - waited) }
      start(Transfer(request, completion: waiting.completion))
    }
  }
}
