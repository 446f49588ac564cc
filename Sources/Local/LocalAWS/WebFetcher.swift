import CLibcurl
import Foundation

/// Reads an image from the web, as the container of an endpoint does: https only, limited in size and time, and only
/// from public addresses.
///
/// The address is checked when the connection is opened, after name resolution and on each redirect: what is checked is
/// what is connected to, so that a name cannot lead to another address a moment later (DNS rebinding). For the same
/// reason, no proxy is used, which would resolve the name itself.
package struct WebFetcher: Sendable {
  package struct Limits: Sendable {
    /// SageMaker's own limit for a request of 6 MiB does not apply to what a container fetches; this is that of
    /// `inference.py`.
    package var maximumBytes = 25 << 20
    /// Redirects, waiting, and reading together.
    package var timeoutMilliseconds = 20_000
    package var maximumRedirects = 5

    package init() {}
  }

  /// How hosts are found and trusted.
  package struct Network: Sendable {
    /// Decides whether an address may be connected to.
    package var allows: @Sendable (PeerAddress) -> Bool = { $0.isPublic }
    /// Addresses of names, each as `HOST:PORT:ADDRESS`, instead of those of the system's resolver.
    package var addresses: [String] = []
    /// A file with the trusted certificate authorities in PEM; nil trusts the system's.
    package var trustedAuthorities: String?

    package init() {}
  }

  /// Once per process; libcurl counts further calls.
  private static let globalInitialization = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

  private let limits: Limits
  private let network: Network
  private let userAgent: String

  package init(userAgent: String, limits: Limits = Limits(), network: Network = Network()) {
    self.userAgent = userAgent
    self.limits = limits
    self.network = network
  }

  /// The bytes at a URL.
  package func fetch(_ url: String) throws(WebFetchError) -> [UInt8] {
    guard url.lowercased().hasPrefix("https://") else { throw WebFetchError(.notHTTPS) }
    let transfer = WebTransfer(maximumBytes: limits.maximumBytes, allows: network.allows)
    guard Self.globalInitialization == CURLE_OK, let handle = curl_easy_init() else {
      throw WebFetchError(.failed("libcurl cannot be initialized"))
    }
    defer { curl_easy_cleanup(handle) }
    var names: UnsafeMutablePointer<curl_slist>?
    for entry in network.addresses { names = curl_slist_append(names, entry) }
    defer { curl_slist_free_all(names) }
    let isSet = withExtendedLifetime(transfer) {
      configure(handle, url, transfer) && set(handle, CURLOPT_RESOLVE, names)
    }
    guard isSet else { throw WebFetchError(.failed("libcurl does not accept the URL")) }
    let code = withExtendedLifetime(transfer) { curl_easy_perform(handle) }
    if let error = error(code, handle, transfer) { throw error }
    return transfer.body
  }

  // MARK: libcurl

  private func configure(
    _ handle: UnsafeMutableRawPointer, _ url: String, _ transfer: WebTransfer
  ) -> Bool {
    let context = Unmanaged.passUnretained(transfer).toOpaque()
    return set(handle, CURLOPT_URL, url) && clibcurl_https_only(handle) == CURLE_OK
      && set(handle, CURLOPT_NOSIGNAL, 1)
      && set(handle, CURLOPT_FOLLOWLOCATION, 1)
      && set(handle, CURLOPT_MAXREDIRS, limits.maximumRedirects)
      && set(handle, CURLOPT_TIMEOUT_MS, limits.timeoutMilliseconds)
      && set(handle, CURLOPT_USERAGENT, userAgent)
      // An empty proxy is none, also if the environment has one.
      && set(handle, CURLOPT_PROXY, "")
      && trust(handle)
      && set(handle, CURLOPT_ERRORBUFFER, transfer.errorBuffer)
      && set(handle, CURLOPT_OPENSOCKETDATA, context)
      && clibcurl_setopt_open_socket_callback(
        handle, CURLOPT_OPENSOCKETFUNCTION, openAllowedSocket) == CURLE_OK
      && set(handle, CURLOPT_WRITEDATA, context)
      && clibcurl_setopt_callback(handle, CURLOPT_WRITEFUNCTION, receiveWebBody) == CURLE_OK
  }

  private func trust(_ handle: UnsafeMutableRawPointer) -> Bool {
    guard let file = network.trustedAuthorities else { return true }
    return set(handle, CURLOPT_CAINFO, file)
  }

  private func set(
    _ handle: UnsafeMutableRawPointer, _ option: CURLoption, _ value: Int
  ) -> Bool { clibcurl_setopt_long(handle, option, value) == CURLE_OK }

  private func set(
    _ handle: UnsafeMutableRawPointer, _ option: CURLoption, _ value: String
  ) -> Bool { clibcurl_setopt_string(handle, option, value) == CURLE_OK }

  private func set(
    _ handle: UnsafeMutableRawPointer, _ option: CURLoption, _ value: UnsafeRawPointer?
  ) -> Bool { clibcurl_setopt_pointer(handle, option, value) == CURLE_OK }

  // MARK: Errors

  private func error(
    _ code: CURLcode, _ handle: UnsafeMutableRawPointer, _ transfer: WebTransfer
  ) -> WebFetchError? {
    var status = 0
    _ = clibcurl_getinfo_long(handle, CURLINFO_RESPONSE_CODE, &status)
    if code == CURLE_OK {
      return status == 200 ? nil : WebFetchError(.status(status))
    }
    let isRedirect = (300..<400).contains(status)
    switch code {
    case CURLE_COULDNT_CONNECT:
      return WebFetchError(
        transfer.refused.map { WebFetchError.Reason.privateAddress($0, isRedirect: isRedirect) }
          ?? .failed("nothing accepts a connection there"))
    case CURLE_UNSUPPORTED_PROTOCOL:
      return WebFetchError(isRedirect ? .redirectLeavesHTTPS : .notHTTPS)
    case CURLE_TOO_MANY_REDIRECTS: return WebFetchError(.redirects(limits.maximumRedirects))
    case CURLE_WRITE_ERROR where transfer.isTooLarge:
      return WebFetchError(.tooLarge(limits.maximumBytes))
    case CURLE_OPERATION_TIMEDOUT: return WebFetchError(.timedOut(limits.timeoutMilliseconds))
    case CURLE_COULDNT_RESOLVE_HOST: return WebFetchError(.noName)
    case CURLE_PARTIAL_FILE: return WebFetchError(.failed("the response ended early"))
    default:
      return WebFetchError(.failed(transfer.errorText ?? String(cString: curl_easy_strerror(code))))
    }
  }
}

/// What libcurl's callbacks work on.
private final class WebTransfer {
  let maximumBytes: Int
  let allows: (PeerAddress) -> Bool
  let errorBuffer = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
  var body: [UInt8] = []
  var isTooLarge = false
  /// The last address that was refused.
  var refused: PeerAddress?

  init(maximumBytes: Int, allows: @escaping (PeerAddress) -> Bool) {
    self.maximumBytes = maximumBytes
    self.allows = allows
    errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit { errorBuffer.deallocate() }

  var errorText: String? {
    let text = String(cString: errorBuffer)
    return text.isEmpty ? nil : text
  }
}

private func openAllowedSocket(
  context: UnsafeMutableRawPointer?, purpose: curlsocktype,
  address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
  let refused = curl_socket_t(CURL_SOCKET_BAD)
  guard let context, let address else { return refused }
  let transfer = Unmanaged<WebTransfer>.fromOpaque(context).takeUnretainedValue()
  // The address of IPv6 is longer than its declared type.
  let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) ?? 0
  guard let peer = PeerAddress(UnsafeRawPointer(address) + offset) else { return refused }
  guard transfer.allows(peer) else {
    transfer.refused = peer
    return refused
  }
  let type = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
  return socket(address.pointee.family, type, address.pointee.protocol)
}

private func receiveWebBody(
  data: UnsafeMutablePointer<CChar>?, size: Int, count: Int, context: UnsafeMutableRawPointer?
) -> Int {
  guard let data, let context else { return 0 }
  let transfer = Unmanaged<WebTransfer>.fromOpaque(context).takeUnretainedValue()
  guard transfer.body.count + size * count <= transfer.maximumBytes else {
    transfer.isTooLarge = true
    return 0
  }
  transfer.body.append(contentsOf: UnsafeRawBufferPointer(start: data, count: size * count))
  return size * count
}
