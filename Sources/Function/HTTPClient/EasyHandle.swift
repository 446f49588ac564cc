import CLibcurl

/// The one owner of a libcurl easy handle: one request at a time, on one origin.
///
/// What never changes is set once; of the rest only what differs from the previous request. It is
/// used from one thread only, which the compiler enforces.
@safe final class EasyHandle {
  let pointer: UnsafeMutableRawPointer
  private let errorBuffer: UnsafeMutablePointer<CChar>
  private var headerList = HeaderList()
  /// The request before, without its body; its method is empty before the first.
  private(set) var sent = HTTPRequest(
    method: "", url: "", timeoutMilliseconds: nil, maximumBodyBytes: 0)
  /// Of the request before; empty before the first.
  var method: String { sent.method }
  /// What the callbacks work on; nil while the handle is idle.
  private(set) var transfer: Transfer?
  /// The certificates that the handle trusts; nil before its first HTTPS request.
  private(set) var trusted: TrustStore.Source?
  /// What the next handshake verifies with; nil where libcurl reads the certificates.
  var certificates: CertificateStore?
  /// The TLS session whose end is the end of the body; nil where the body has a length.
  private var closingSession: UInt?
  /// After which unacknowledged bytes end a connection; nil for the kernel's limit, some 15 min.
  private(set) var silenceMilliseconds: Int32?

  init(proxy: String, noProxy: String) throws(HTTPError) {
    guard let handle = unsafe curl_easy_init() else {
      throw HTTPError(code: CURLE_FAILED_INIT, detail: "")
    }
    unsafe pointer = handle
    unsafe errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
    unsafe errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    try setUnchangingOptions()
    // An empty proxy is "none" and keeps libcurl from looking into the process's environment.
    try set(CURLOPT_PROXY, proxy)
    try set(CURLOPT_NOPROXY, noProxy)
  }

  deinit {
    unsafe curl_easy_cleanup(pointer)
    unsafe errorBuffer.deallocate()
  }

  private func setUnchangingOptions() throws(HTTPError) {
    try unsafe check(clibcurl_setopt_pointer(pointer, CURLOPT_ERRORBUFFER, errorBuffer))
    // The handle's callbacks lead to this object, which outlives it.
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    for option in [
      CURLOPT_PRIVATE, CURLOPT_HEADERDATA, CURLOPT_WRITEDATA, CURLOPT_READDATA, CURLOPT_SEEKDATA,
      CURLOPT_PREREQDATA, CURLOPT_SOCKOPTDATA, CURLOPT_SSL_CTX_DATA,
    ] {
      try unsafe check(clibcurl_setopt_pointer(pointer, option, context))
    }
    try unsafe check(clibcurl_setopt_callback(pointer, CURLOPT_HEADERFUNCTION, receiveHeader))
    try unsafe check(clibcurl_setopt_callback(pointer, CURLOPT_WRITEFUNCTION, receiveBody))
    try unsafe check(clibcurl_setopt_place_callback(pointer, placeBody))
    try unsafe check(clibcurl_setopt_callback(pointer, CURLOPT_READFUNCTION, sendBody))
    try unsafe check(clibcurl_setopt_seek_callback(pointer, CURLOPT_SEEKFUNCTION, seekBody))
    try unsafe check(
      clibcurl_setopt_prereq_callback(pointer, CURLOPT_PREREQFUNCTION, beforeSending))
    // Timeouts must not use SIGALRM: the process belongs to the handler, and there may be threads.
    try set(CURLOPT_NOSIGNAL, 1)
    // S3 keys may hold "//" and "/../"; what is sent must stay what was signed.
    try set(CURLOPT_PATH_AS_IS, 1)
    // Neither S3 nor SageMaker Runtime speaks HTTP/2; saves the negotiation.
    try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    // A proxy's answer to CONNECT is not the response.
    try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    // An AWS host that does not accept a connection in this time will not soon; a retry may reach
    // another one. Name resolution and TLS included. Milliseconds.
    try set(CURLOPT_CONNECTTIMEOUT_MS, 2_000)
    // For headers and short replies: an image is received where it is kept.
    try set(CURLOPT_BUFFERSIZE, 8_192)
    // A usual image leaves in one piece.
    try set(CURLOPT_UPLOAD_BUFFERSIZE, 262_144)
    try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    try unsafe check(
      clibcurl_setopt_tls_callback(pointer, CURLOPT_SSL_CTX_FUNCTION, prepareTLS))
    // libcurl would remember the store of one source, and use it for another.
    try unsafe check(clibcurl_no_certificate_cache(pointer))
    // A transfer that ends while a name server is silent must not wait for the resolver's thread.
    try unsafe check(clibcurl_quick_exit(pointer))
  }

  /// Lets the kernel end a connection on which nothing of a request is acknowledged, however long the
  /// response may take: a NAT gateway, for one, forgets idle connections after 350 s.
  ///
  /// Only for AWS's hosts. A container that is reached directly may leave a request unread while it works
  /// on another, which counts as silence, too.
  func limitSilence(milliseconds: Int32) throws(HTTPError) {
    silenceMilliseconds = milliseconds
    try unsafe check(
      clibcurl_setopt_socket_callback(pointer, CURLOPT_SOCKOPTFUNCTION, limitSilenceOfSocket))
  }

  /// Shares TLS sessions with the other handles of `share`, a handle of libcurl's that outlives this one.
  func shareSessions(_ share: UnsafeMutableRawPointer) throws(HTTPError) {
    try unsafe check(clibcurl_setopt_pointer(pointer, CURLOPT_SHARE, share))
  }

  /// Makes the handle ready to send a request.
  func prepare(_ transfer: Transfer, trusting source: TrustStore.Source?) throws(HTTPError) {
    let request = transfer.request
    if sent.url != request.url { try set(CURLOPT_URL, request.url) }
    // The list of the first also keeps libcurl from adding headers of its own.
    if sent.headers != request.headers || sent.method.isEmpty { try setHeaders(request.headers) }
    try setMethodAndBody(request)
    if sent.timeoutMilliseconds != request.timeoutMilliseconds {
      // Zero is "no limit" to libcurl; a time that is already over must still fail.
      let milliseconds = request.timeoutMilliseconds.map { max(1, $0) } ?? 0
      try set(CURLOPT_TIMEOUT_MS, Int(milliseconds))
    }
    if let source, source != trusted {
      try trust(source)
      trusted = source
    }
    if sent.isOnFreshConnection != request.isOnFreshConnection {
      try set(CURLOPT_FRESH_CONNECT, request.isOnFreshConnection ? 1 : 0)
      // libcurl's default, in seconds.
      try set(CURLOPT_DNS_CACHE_TIMEOUT, request.isOnFreshConnection ? 0 : 60)
    }
    if sent.endsConnection != request.endsConnection {
      try set(CURLOPT_FORBID_REUSE, request.endsConnection ? 1 : 0)
    }
    unsafe errorBuffer[0] = 0
    closingSession = nil
    sent = request
    sent.body = []
    sent.bodyBuffer = nil
    self.transfer = transfer
  }

  private func setHeaders(_ headers: [HTTPHeader]) throws(HTTPError) {
    let list = try HeaderList(headers)
    try unsafe check(clibcurl_setopt_pointer(pointer, CURLOPT_HTTPHEADER, list.pointer))
    headerList = list
  }

  /// libcurl 7.88 takes a connection that was reset while idle for alive; the request then comes here
  /// a second time although nothing of it has left.
  func mayBeSent() -> Bool {
    guard let transfer else { return true }
    var leftBytes = 0
    let code = unsafe clibcurl_getinfo_long(pointer, CURLINFO_REQUEST_SIZE, &leftBytes)
    return transfer.mayBeSent(leftBytes: code == CURLE_OK ? leftBytes : 1)
  }

  /// The response or the error of a finished transfer; the handle is idle afterwards.
  func finish(_ code: CURLcode) -> (transfer: Transfer, result: Result<HTTPResponse, HTTPError>)? {
    guard let finished = transfer else { return nil }
    transfer = nil
    guard finished.refusal == nil, code == CURLE_OK else {
      let detail = unsafe String(cString: errorBuffer)
      var error = finished.refusal ?? precise(HTTPError(code: code, detail: detail), code, finished)
      error.headers = finished.headersOfSuccess
      return (finished, .failure(error))
    }
    if let closingSession, !TLSClosure.isClean(closingSession) {
      return (
        finished,
        .failure(
          HTTPError(
            kind: .incompleteBody,
            message: "the TLS connection ended without a closing alert, so the body may be cut"))
      )
    }
    var status = 0
    do throws(HTTPError) {
      try unsafe check(clibcurl_getinfo_long(pointer, CURLINFO_RESPONSE_CODE, &status))
      return (finished, .success(try finished.response(status: status)))
    } catch {
      return (finished, .failure(error))
    }
  }

  /// Takes a header line; behind the last one the session is still known, at the end it is not.
  func take(headerLine line: UnsafeRawBufferPointer) -> Bool {
    guard let transfer else { return false }
    let accepted = unsafe transfer.receiveHeader(line)
    if transfer.bodyEndsWithConnection { closingSession = unsafe TLSClosure.session(of: pointer) }
    return accepted
  }

  /// What libcurl's code alone does not say.
  private func precise(
    _ error: HTTPError, _ code: CURLcode, _ transfer: Transfer
  ) -> HTTPError {
    var (proxyStatus, sentBytes) = (0, 0)
    _ = unsafe clibcurl_getinfo_long(pointer, CURLINFO_HTTP_CONNECTCODE, &proxyStatus)
    _ = unsafe clibcurl_getinfo_long(pointer, CURLINFO_REQUEST_SIZE, &sentBytes)
    if proxyStatus >= 300 {
      return HTTPError(
        kind: .proxy(status: proxyStatus),
        message: "the proxy answered \(proxyStatus) to CONNECT")
    }
    guard code == CURLE_OPERATION_TIMEDOUT else { return error }
    if sentBytes == 0 { return HTTPError(kind: .connectionTimedOut, message: error.message) }
    return transfer.tookTooLong ?? error
  }

  func set(_ option: CURLoption, _ value: Int) throws(HTTPError) {
    try unsafe check(clibcurl_setopt_long(pointer, option, value))
  }

  func set(_ option: CURLoption, _ value: String) throws(HTTPError) {
    guard !value.holds(0) else {
      throw HTTPError(kind: .invalidRequest, message: "a URL or setting holds a NUL character")
    }
    // A string that is passed as an argument would be copied into an array first.
    try check(unsafe value.withCString { unsafe clibcurl_setopt_string(pointer, option, $0) })
  }
}

@available(*, unavailable)
extension EasyHandle: Sendable {}
