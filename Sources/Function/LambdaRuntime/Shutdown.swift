import Glibc
import Platform

/// Handles the end of the environment (`SIGTERM_HANDLING=1`).
///
/// Lambda sends SIGTERM only to environments with an extension, so the process registers itself as
/// an internal extension. About 500 ms remain after the signal: an invocation in flight gets 400 ms
/// to finish, then the process exits with one log line and status 0. Opt-in, because the
/// registration adds a round trip to a cold start.
/// See
/// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-shutdown
struct Shutdown {
  /// Time for an invocation in flight to finish after the signal.
  static let graceMilliseconds: Int64 = 400

  let log: Log
  let clock: Clock
  let activity: Activity

  /// Whether the environment asks for it.
  static func isEnabled(_ environment: Environment) throws(ConfigurationError) -> Bool {
    try environment.flag("SIGTERM_HANDLING") ?? false
  }

  /// Registers the extension and waits for the signal, each on a separate thread.
  ///
  /// Call it before any other thread starts, so that all threads inherit the blocked signal and
  /// only the waiting thread receives it.
  func install(_ address: RuntimeAddress) throws(InvocationError) {
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
    // The init phase ends only after the extension has also polled for its next event.
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
      log.info("SIGTERM: nothing in flight, exiting")
    } else {
      log.warn("SIGTERM: exiting after \(Self.graceMilliseconds) ms with an invocation in flight")
    }
    // Not exit(): another thread may be inside libcurl, whose library handles must remain valid.
    _exit(0)
  }

  /// - Returns: the identifier, or nil when the environment does not support extensions, which is
  ///   not an error.
  private func register(_ address: RuntimeAddress) -> String? {
    let body = Array(#"{"events":[]}"#.utf8)
    do throws(RuntimeAPIError) {
      var request = try RuntimeRequest("POST", "/2020-01-01/extension/register", to: address)
      try request.add("Lambda-Extension-Name", "bootstrap")
      try request.add("Content-Type", "application/json")
      request.end(bodyBytes: body.count)
      let response = try connection(address).post(
        request, body, limitBytes: Self.maximumAnswerBytes)
      guard response.status == 200, let identifier = response.head["lambda-extension-identifier"]
      else {
        log.debug(
          "extensions are not available (status \(response.status)): no SIGTERM will be sent")
        return nil
      }
      return identifier
    } catch {
      log.debug("extensions are not available (\(error.message)): no SIGTERM will be sent")
      return nil
    }
  }

  /// Never returns normally, because the extension subscribes to no events.
  private func poll(_ address: RuntimeAddress, _ identifier: String) {
    do throws(RuntimeAPIError) {
      var request = try RuntimeRequest("GET", "/2020-01-01/extension/event/next", to: address)
      try request.add("Lambda-Extension-Identifier", identifier)
      request.end()
      let response = try connection(address).get(request, limitBytes: Self.maximumAnswerBytes)
      log.debug("the extension's poll ended with status \(response.status)")
    } catch {
      log.debug("the extension's poll ended: \(error.message)")
    }
  }

  private static let maximumAnswerBytes = 65_536

  /// Each call has a connection of its own, because the poll never ends.
  private func connection(_ address: RuntimeAddress) -> RuntimeConnection {
    RuntimeConnection(address, clock: clock, timeoutMilliseconds: 2_000)
  }
}
