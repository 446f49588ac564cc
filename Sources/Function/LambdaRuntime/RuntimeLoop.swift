import Platform

/// The loop of a custom runtime: next, handle, respond or fail.
///
/// Only this type decides what a response of the Runtime API means. The loop ends only when the
/// Runtime API is unreachable or reports that the environment is broken, and always with a log
/// line.
struct RuntimeLoop<Handler: InvocationHandler> {
  let client: RuntimeClient
  let handler: Handler
  let log: Log
  let clock: Clock
  let activity: Activity
  /// Nil when several loops share the process's environment variables, or in a test's fixed
  /// environment.
  let traceVariable: TraceVariable?

  /// Runs until it cannot continue.
  ///
  /// - Returns: the process's exit status, never 0.
  func run() -> Int32 {
    var patience = Patience(clock: clock)
    while true {
      let asked = clock.monotonicMilliseconds()
      switch next() {
      case .invocation(let invocation):
        patience = Patience(clock: clock)
        if process(invocation) == .mustExit { return 1 }
      case .trouble(let trouble):
        // The Runtime API held the call that long, so it is alive; only this connection broke.
        if trouble.hadConnection, clock.monotonicMilliseconds() - asked >= Patience.milliseconds {
          patience = Patience(clock: clock)
        }
        if case .broken(let invocation, let error) = trouble,
          reportLoss(of: invocation, error) == .mustExit
        {
          return 1
        }
        trouble.logFirst(log, isFirst: patience.isFresh, last: &patience.announcement)
        guard patience.wait() else { return end { trouble.logLast(log) } }
      case .mustExit(let reason):
        return end { log.fatal(reason) }
      }
    }
  }

  /// Several loops may end at the same time. Only one logs the reason and ends the process.
  private func end(_ logReason: () -> Void) -> Int32 {
    guard activity.claimEnd() else {
      while true { clock.sleep(60_000) }
    }
    logReason()
    return 1
  }

  private enum Next {
    case invocation(Invocation)
    case trouble(NextTrouble)
    case mustExit(String)
  }

  private func next() -> Next {
    do throws(RuntimeAPIError) {
      let response = try client.next()
      switch response.status {
      case 200:
        if let invocation = Invocation(response.head, event: response.body) {
          return .invocation(invocation)
        }
        return .trouble(.unanswerable)
      case 400..<500:
        return .trouble(.refused(status: response.status))
      default:
        return .mustExit("the Runtime API returned \(response.status) for /invocation/next")
      }
    } catch {
      if let head = error.head, let invocation = Invocation(head, event: []) {
        return .trouble(.broken(invocation, error))
      }
      return .trouble(.failed(error))
    }
  }

  private enum Continuation { case goOn, mustExit }

  private func reportLoss(of invocation: Invocation, _ reason: RuntimeAPIError) -> Continuation {
    activity.begin()
    defer { activity.end() }
    let error = InvocationError(
      errorType: "Runtime.IncompleteEvent",
      message: "the event from the Runtime API is incomplete: \(reason.message)")
    let log = log.forRequest(invocation.requestID, tenantID: invocation.tenantID)
    log.error("\(error.errorType): \(error.message)", error.logFields)
    return post("error", log) { () throws(RuntimeAPIError) in
      try client.postError(error, for: invocation)
    }
  }

  private func process(_ invocation: Invocation) -> Continuation {
    activity.begin()
    defer { activity.end() }
    let log = log.forRequest(invocation.requestID, tenantID: invocation.tenantID)
    traceVariable?.set(invocation.traceID)
    do throws(InvocationError) {
      let response = try handler.handle(invocation, log: log)
      try checkSize(response)
      return post("response", log) { () throws(RuntimeAPIError) in
        try client.postResponse(response, for: invocation)
      }
    } catch {
      log.error("\(error.errorType): \(error.message)", error.logFields)
      return post("error", log) { () throws(RuntimeAPIError) in
        try client.postError(error.redacted(by: log.redaction), for: invocation)
      }
    }
  }

  private func checkSize(_ response: [UInt8]) throws(InvocationError) {
    guard response.count <= Invocation.maximumResponseBytes else {
      throw InvocationError(
        errorType: "Runtime.ResponseTooLarge",
        message: "the response is \(response.count) bytes; Lambda accepts at most "
          + "\(Invocation.maximumResponseBytes)")
    }
  }

  /// Posts a response or an error. When the connection breaks, posts once again with the same
  /// invocation ID.
  private func post(
    _ what: String, _ log: Log, _ send: () throws(RuntimeAPIError) -> RuntimeResponse
  ) -> Continuation {
    for isLast in [false, true] {
      do throws(RuntimeAPIError) {
        let answer = try send()
        switch answer.status {
        case 200..<300: return .goOn
        case 500...:
          _ = end { log.fatal("the Runtime API returned \(answer.status) for the \(what)") }
          return .mustExit
        default:
          // Too late (403, 410) or too large (413): Lambda has ended this invocation, so continue
          // with the next.
          log.error("the Runtime API refused the \(what) with status \(answer.status)")
          return .goOn
        }
      } catch  where isLast {
        log.error("the \(what) could not be delivered: \(error.message)")
      } catch {
        log.warn("the \(what) was not delivered; retrying: \(error.message)")
      }
    }
    return .goOn
  }
}
