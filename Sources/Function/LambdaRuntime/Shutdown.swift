import Glibc
import HTTPClient
import Platform

/// What the process does when Lambda ends the environment (`SIGTERM_HANDLING=1`).
///
/// Lambda sends SIGTERM only to environments with an extension, so the process registers itself as an
/// internal one. About 500 ms remain after the signal: what is in flight gets 400 ms to finish, then
/// the process ends with one log line and status 0. It is opt-in, because registering costs a cold
/// start a round trip.
/// See https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-shutdown
struct Shutdown {
  /// How long what is in flight may take after the signal, in milliseconds.
  static let graceMilliseconds: Int64 = 400

  let log: Log
  let clock: Clock
  let activity: Activity

  /// Whether the environment asks for it.
  static func isWanted(_ environment: Environment) -> Bool {
    environment["SIGTERM_HANDLING"] == "1"
  }

  /// Registers the extension and waits for the signal on threads of their own.
  ///
  /// To be called before any other thread is started, so that all inherit the blocked signal and only
  /// the waiting one gets it.
  func install(address: String) throws(InvocationError) {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGTERM)
    let code = unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    guard code == 0 else {
      throw InvocationError(
        errorType: "Runtime.SignalMask",
        message: "SIGTERM cannot be blocked: \(unsafe String(cString: strerror(code)))")
    }
    let copy = self
    try startThread { copy.waitForSignal() }
    guard let identifier = register(address) else { return }
    // Init ends only when the extension asks for its next event, too.
    try startThread { copy.poll(address, identifier) }
  }

  private func waitForSignal() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGTERM)
    var signal: Int32 = 0
    while unsafe sigwait(&signals, &signal) != 0 || signal != SIGTERM {}
    let end = clock.monotonicMilliseconds() + Self.graceMilliseconds
    while !activity.isIdle && clock.monotonicMilliseconds() < end { clock.sleep(5) }
    if activity.isIdle {
      log.info("SIGTERM: nothing in flight, ending")
    } else {
      log.warn("SIGTERM: ending after \(Self.graceMilliseconds) ms with an invocation in flight")
    }
    // Not exit(): another thread may be inside libcurl, whose library handles must stay.
    _exit(0)
  }

  /// - Returns: the identifier; nil when the environment has no extensions, which is no error.
  private func register(_ address: String) -> String? {
    let request = HTTPRequest(
      method: "POST", url: "http://\(address)/2020-01-01/extension/register",
      headers: [
        HTTPHeader("Lambda-Extension-Name", "bootstrap"),
        HTTPHeader("Content-Type", "application/json"),
      ], body: Array(#"{"events":[]}"#.utf8), timeoutMilliseconds: 2_000, maximumBodyBytes: 65_536)
    do throws(HTTPError) {
      let response = try Self.client(clock).send(request)
      guard response.status == 200,
        let identifier = response.headers["lambda-extension-identifier"]
      else {
        log.debug("extensions are not available (status \(response.status)): no SIGTERM will come")
        return nil
      }
      return identifier
    } catch {
      log.debug("extensions are not available (\(error.message)): no SIGTERM will come")
      return nil
    }
  }

  /// Waits for ever: no event is subscribed to.
  private func poll(_ address: String, _ identifier: String) {
    let request = HTTPRequest(
      method: "GET", url: "http://\(address)/2020-01-01/extension/event/next",
      headers: [HTTPHeader("Lambda-Extension-Identifier", identifier)], timeoutMilliseconds: nil,
      maximumBodyBytes: 65_536)
    do throws(HTTPError) {
      let response = try Self.client(clock).send(request)
      log.debug("the extension's poll ended with status \(response.status)")
    } catch {
      log.debug("the extension's poll ended: \(error.message)")
    }
  }

  private static func client(_ clock: Clock) throws(HTTPError) -> HTTPClient {
    try HTTPClient(
      trust: TrustStore(primary: .amazonTrustServices), proxy: .direct, clock: clock)
  }
}
