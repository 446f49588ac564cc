import HTTPClient
import Platform

/// The loop of a custom runtime: next, handle, respond or fail.
///
/// What each answer of the Runtime API means is decided here and nowhere else. It ends only when
/// the Runtime API is gone or says that the environment is broken, and never without a log line.
struct RuntimeLoop<Handler: InvocationHandler> {
  let client: RuntimeClient
  let handler: Handler
  let log: Log
  let clock: Clock
  let activity: Activity
  /// Nil when other loops share the process's environment, or when it is not the runtime's.
  let traceVariable: TraceVariable?

  /// Runs until there is no way on.
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
        // Whoever let the call wait that long is there: what broke was one connection.
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

  /// Several loops may come to their end at the same time; one of them says why and ends the process.
  private func end(_ sayWhy: () -> Void) -> Int32 {
    guard activity.claimEnd() else {
      while true { clock.sleep(60_000) }
    }
    sayWhy()
    return 1
  }

  private enum Next {
    case invocation(Invocation)
    case trouble(NextTrouble)
    case mustExit(String)
  }

  private func next() -> Next {
    do throws(HTTPError) {
      let response = try client.next()
      switch response.status {
      case 200:
        if let invocation = Invocation(response) { return .invocation(invocation) }
        return .trouble(.unanswerable)
      case 400..<500:
        return .trouble(.refused(status: response.status))
      default:
        return .mustExit("the Runtime API answered \(response.status) to /invocation/next")
      }
    } catch {
      if let headers = error.headers,
        let invocation = Invocation(HTTPResponse(status: 200, headers: headers, body: []))
      {
        return .trouble(.broken(invocation, error))
      }
      return .trouble(.failed(error))
    }
  }

  private enum Continuation { case goOn, mustExit }

  private func reportLoss(of invocation: Invocation, _ reason: HTTPError) -> Continuation {
    activity.begin()
    defer { activity.end() }
    let error = InvocationError(
      errorType: "Runtime.IncompleteEvent",
      message: "the event did not come whole from the Runtime API: \(reason.message)")
    let log = log.forRequest(invocation.requestID, tenantID: invocation.tenantID)
    log.error("\(error.errorType): \(error.message)", error.logFields)
    return post("error", log) { () throws(HTTPError) in
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
      return post("response", log) { () throws(HTTPError) in
        try client.postResponse(response, for: invocation)
      }
    } catch {
      log.error("\(error.errorType): \(error.message)", error.logFields)
      return post("error", log) { () throws(HTTPError) in
        try client.postError(error.redacted(by: log.redaction), for: invocation)
      }
    }
  }

  private func checkSize(_ response: [UInt8]) throws(InvocationError) {
    guard response.count <= RuntimeClient.maximumResponseBytes else {
      throw InvocationError(
        errorType: "Runtime.ResponseTooLarge",
        message: "the response is \(response.count) bytes, Lambda accepts "
          + "\(RuntimeClient.maximumResponseBytes)")
    }
  }

  /// Posts an answer; once more with the same invocation id when the connection broke meanwhile.
  private func post(
    _ what: String, _ log: Log, _ send: () throws(HTTPError) -> HTTPResponse
  ) -> Continuation {
    for isLast in [false, true] {
      do throws(HTTPError) {
        let answer = try send()
        switch answer.status {
        case 200..<300: return .goOn
        case 500...:
          _ = end { log.fatal("the Runtime API answered \(answer.status) to the \(what)") }
          return .mustExit
        default:
          // Too late (403, 410) or too large (413): over for Lambda, and so for us.
          log.error("the Runtime API refused the \(what) with status \(answer.status)")
          return .goOn
        }
      } catch  where isLast {
        log.error("the \(what) could not be delivered: \(error.message)")
      } catch {
        log.warn("the \(what) was not delivered, once more: \(error.message)")
      }
    }
    return .goOn
  }
}
