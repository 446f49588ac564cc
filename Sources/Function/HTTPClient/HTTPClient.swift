import CLibcurl
import Platform

/// HTTP/1.1 over libcurl: one transfer, or many at the same time, on one thread.
///
/// Connections and easy handles are kept per origin and used again. `send` performs one request;
/// `start`, `schedule` and `run` let several proceed together, each completion free to start more:
///
///     client.start(read) { image in client.start(classify(image)) { … } }
///     client.run()
///
/// It is used from one thread only; a loop on another thread has a client of its own.
@safe public final class HTTPClient {
  /// Nil before the first transfer: libcurl's preparations are not the start's.
  private var multi: UnsafeMutableRawPointer?
  /// TLS sessions: a second connection to a host resumes the session of the first. Nil before the first HTTPS request.
  private var share: UnsafeMutableRawPointer?
  private let trust: TrustStore
  private let proxy: ProxyConfiguration
  let clock: Clock
  let connectAheadMilliseconds: Int64
  private let silenceMilliseconds: Int32
  private(set) var idle = IdleHandles()
  private(set) var active: [EasyHandle] = []
  private var timers = ScheduledActions()
  /// Origins whose issuer only the fallback knows; asked first with it from then on.
  private var originsOnFallback: Set<Substring> = []
  /// Requests that wait for a connection that `connect` is opening, by origin.
  var connecting: [Substring: [(transfer: Transfer, sinceMilliseconds: Int64)]] = [:]

  /// libcurl is initialized once per process, before the first transfer.
  private static let globalInitialization = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

  /// A client without connections.
  ///
  /// - Parameters:
  ///   - connectAheadMilliseconds: how long `connect` may take before a request stops waiting for it.
  ///   - silenceMilliseconds: how long what is sent to an HTTPS host may stay unacknowledged.
  /// - Throws: `.invalidRequest` for a malformed proxy.
  public init(
    trust: TrustStore, proxy: ProxyConfiguration, clock: Clock = .system,
    connectAheadMilliseconds: Int64 = 500, silenceMilliseconds: Int32 = 10_000
  ) throws(HTTPError) {
    try proxy.check()
    self.trust = trust
    self.proxy = proxy
    self.clock = clock
    self.connectAheadMilliseconds = connectAheadMilliseconds
    self.silenceMilliseconds = silenceMilliseconds
  }

  /// - Throws: `.other` when libcurl cannot be initialized.
  private func openedMulti() throws(HTTPError) -> UnsafeMutableRawPointer {
    if let multi = unsafe multi { return unsafe multi }
    try check(Self.globalInitialization)
    guard let handle = unsafe curl_multi_init() else {
      throw HTTPError(code: CURLE_FAILED_INIT, detail: "")
    }
    unsafe multi = handle
    // Else libcurl keeps only four connections for each handle in use.
    try unsafe check(clibcurl_multi_setopt_long(handle, CURLMOPT_MAXCONNECTS, 32))
    try unsafe check(clibcurl_multi_quick_exit(handle))
    return unsafe handle
  }

  deinit {
    abandonTransfers()
    idle.removeAll()
    if let multi = unsafe multi { _ = unsafe curl_multi_cleanup(multi) }
    if let share = unsafe share { _ = unsafe curl_share_cleanup(share) }
  }

  /// Performs one request; transfers that were started before continue.
  ///
  /// - Throws: `HTTPError` when no complete response came. A response of any status is returned.
  public func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
    var result: Result<HTTPResponse, HTTPError>?
    start(request) { result = $0 }
    while true {
      if let result { return try result.get() }
      turn()
    }
  }

  /// Starts a request; `completion` is called once, from within `run` or `send`, or at once when
  /// the request cannot be sent.
  public func start(
    _ request: HTTPRequest, observer: (any BodyObserver)? = nil,
    then completion: @escaping (Result<HTTPResponse, HTTPError>) -> Void
  ) {
    let transfer = Transfer(request, observer: observer, completion: completion)
    guard !connecting.isEmpty, connecting[transfer.origin] != nil else { return start(transfer) }
    // It is faster to wait for a handshake that is under way than to begin another one.
    connecting[transfer.origin]?.append((transfer, clock.monotonicMilliseconds()))
  }

  /// Calls `action` from within `run` or `send` after some time.
  public func schedule(afterMilliseconds delay: Int64, _ action: @escaping () -> Void) {
    timers.add(dueMilliseconds: clock.monotonicMilliseconds().clampedAdding(delay), action)
  }

  /// Returns when no transfer and no scheduled action is left.
  public func run() {
    while !timers.isEmpty || active.contains(where: isAwaited) { turn() }
    // What is left only opens connections that nobody came to need.
    abandonTransfers()
    connecting.removeAll()
  }

  private func isAwaited(_ handle: EasyHandle) -> Bool {
    guard let origin = handle.transfer?.origin else { return false }
    return connecting.isEmpty || connecting[origin]?.isEmpty != true
  }

  private func abandonTransfers() {
    for handle in active {
      // A failure would mean that libcurl does not know the handle: nothing is left to undo.
      _ = unsafe curl_multi_remove_handle(multi, handle.pointer)
    }
    active.removeAll()
  }

  func start(_ transfer: Transfer) {
    do throws(HTTPError) {
      let multi = try unsafe openedMulti()
      let handle = try handle(for: transfer)
      try handle.prepare(transfer, trusting: trustSource(for: transfer.request))
      try unsafe check(curl_multi_add_handle(multi, handle.pointer))
      transfer.watch(by: clock)
      active.append(handle)
    } catch {
      transfer.completion(.failure(error))
    }
  }

  /// Preferably one that had the same method before, since it needs fewer settings. Connections belong to
  /// the multi handle and serve every easy handle.
  private func handle(for transfer: Transfer) throws(HTTPError) -> EasyHandle {
    let request = transfer.request
    if let handle = idle.take(for: transfer.origin, method: request.method) { return handle }
    guard request.url.hasPrefix("http://") || request.url.hasPrefix("https://") else {
      throw HTTPError(kind: .invalidRequest, message: "\(request.url) is not an http or https URL")
    }
    let handle = try EasyHandle(proxy: proxy.proxy(for: request.url), noProxy: proxy.noProxy)
    if request.url.hasPrefix("https://") {
      try handle.limitSilence(milliseconds: silenceMilliseconds)
      if unsafe share == nil { unsafe share = clibcurl_share_of_sessions() }
      if let share = unsafe share { try unsafe handle.shareSessions(share) }
    }
    return handle
  }

  /// Nothing for plain HTTP, so that a client without HTTPS never loads a certificate.
  private func trustSource(for request: HTTPRequest) -> TrustStore.Source? {
    guard request.url.hasPrefix("https:") else { return nil }
    return originsOnFallback.contains(request.origin)
      ? trust.fallback ?? trust.primary : trust.primary
  }

  /// One round: move every transfer on, deliver what finished, wait if there is nothing to do.
  private func turn() {
    guard let multi = unsafe multi else { return waitForTimer() }
    var running: Int32 = 0
    let performed = unsafe curl_multi_perform(multi, &running)
    guard performed == CURLM_OK else { return failAll(HTTPError(multiCode: performed)) }
    let delivered = deliverFinished()
    let fired = fireDueTimers()
    if delivered || fired { return }
    let giveUp = active.reduce(Int64.max) { min($0, $1.transfer?.giveUpMilliseconds ?? .max) }
    if giveUp != .max, giveUpStalled() { return }
    // libcurl shortens the wait to its own next time limit.
    let wait = Int32(milliseconds(until: min(timers.nextMilliseconds, giveUp)))
    let polled = unsafe curl_multi_poll(multi, nil, 0, wait, nil)
    if polled != CURLM_OK { failAll(HTTPError(multiCode: polled)) }
  }

  /// At most a minute.
  private func milliseconds(until next: Int64) -> Int64 {
    guard next != .max else { return 60_000 }
    return min(max(0, next.clampedSubtracting(clock.monotonicMilliseconds())), 60_000)
  }

  /// Without a transfer so far, libcurl has nothing to wait for.
  private func waitForTimer() {
    if !fireDueTimers() { clock.sleep(milliseconds(until: timers.nextMilliseconds)) }
  }

  private func deliverFinished() -> Bool {
    var delivered = false
    var remaining: Int32 = 0
    while let message = unsafe curl_multi_info_read(multi, &remaining) {
      guard unsafe message.pointee.msg == CURLMSG_DONE,
        let pointer = unsafe message.pointee.easy_handle
      else { continue }
      unsafe deliver(pointer, code: message.pointee.data.result)
      delivered = true
    }
    return delivered
  }

  /// Ends the transfers that did not proceed in time. Their connections are closed with them.
  private func giveUpStalled() -> Bool {
    let now = clock.monotonicMilliseconds()
    let stalled = active.filter { $0.transfer.map { $0.giveUpMilliseconds <= now } ?? false }
    for handle in stalled {
      handle.transfer?.giveUp()
      unsafe deliver(handle.pointer, code: CURLE_OPERATION_TIMEDOUT)
    }
    return !stalled.isEmpty
  }

  private func deliver(_ pointer: UnsafeMutableRawPointer, code: CURLcode) {
    let removed = unsafe curl_multi_remove_handle(multi, pointer)
    guard let index = active.firstIndex(where: { unsafe $0.pointer == pointer }) else {
      return
    }
    let handle = active.remove(at: index)
    guard let (transfer, result) = handle.finish(code) else { return }
    if removed == CURLM_OK, !transfer.request.endsConnection {
      idle.add(handle, for: transfer.origin)
    }
    guard case .failure(var error) = result, error.kind == .tls else {
      return transfer.completion(result)
    }
    // When libcurl cannot say why the certificate was refused, it stays refused.
    let isIssuerUnknown = (try? handle.issuerIsUnknown(error)) ?? false
    // Others to the same origin may have begun with the primary, too.
    if isIssuerUnknown, let fallback = trust.fallback, handle.trusted != fallback {
      originsOnFallback.insert(transfer.origin)
      start(
        Transfer(
          transfer.request, observer: transfer.observer, completion: transfer.completion))
      return
    }
    error.isUntrusted = isIssuerUnknown || error.curlCode == CURLE_SSL_CACERT_BADFILE.rawValue
    if error.isUntrusted, case .file(let path) = trust.primary { error.trustedFile = path }
    transfer.completion(.failure(error))
  }

  private func fireDueTimers() -> Bool {
    guard !timers.isEmpty else { return false }
    var fired = false
    while let action = timers.takeDue(atMilliseconds: clock.monotonicMilliseconds()) {
      action()
      fired = true
    }
    return fired
  }

  /// The multi handle itself failed: no transfer can continue.
  private func failAll(_ error: HTTPError) {
    let handles = active
    active.removeAll()
    for handle in handles {
      _ = unsafe curl_multi_remove_handle(multi, handle.pointer)
      handle.finish(CURLE_OK)?.transfer.completion(.failure(error))
    }
  }
}

@available(*, unavailable)
extension HTTPClient: Sendable {}
