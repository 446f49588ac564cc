/// Faults while the runtime waits for the third event.
extension Fault {
  private static let allAnswered = "1–10 answered"
  private static let onlyTwo = "1–2 answered, 3–10 not sent"
  private static let tryingAgain = "WARN /invocation/next failed"
  private static let givingUp = "FATAL /invocation/next failed"

  static let ofNext: [Fault] =
    [400, 403, 404, 410, 429].map { status in
      Fault(
        name: "`/next` answers \(status) once", outcomes: allAnswered,
        log: [refused(status)]
      ) { call in
        guard call.isThird else { return false }
        try call.connection.send(status: status)
        return true
      }
    } + [
      fatal("`/next` answers 403 forever", [refused(403)], 1.8) {
        try $0.connection.send(status: 403)
      },
      fatal("`/next` answers 500", ["FATAL the Runtime API returned 500 for /invocation/next"]) {
        try $0.connection.send(status: 500)
      },
      fatal("`/next` answers 503", ["FATAL the Runtime API returned 503 for /invocation/next"]) {
        try $0.connection.send(status: 503)
      },
      fatal("`/next` answers 302", ["FATAL the Runtime API returned 302 for /invocation/next"]) {
        try $0.connection.send(status: 302, headers: [("Location", "/")])
      },
      passing("connection reset while waiting on `/next`", log: []) { $0.connection.reset() },
      passing("end of file while waiting on `/next`", log: []) { $0.connection.close() },
      Fault(
        name: "five resets in a row while waiting on `/next`", outcomes: allAnswered,
        log: [tryingAgain]
      ) { call in
        guard call.number == 3, call.time <= 5 else { return false }
        call.connection.reset()
        return true
      },
      fatal("every `/next` is reset", [tryingAgain, givingUp], 1.8) { $0.connection.reset() },
      fatal("nothing listens any more", [tryingAgain, givingUp], 1.8) { call in
        call.server.stopInBackground()
        _ = call.connection.waitUntilClientIsGone()
      },
      fatal("`/next` is reset, then answers 403 forever", [refused(403)], 1.8) { call in
        if call.time == 1 { return call.connection.reset() }
        try call.connection.send(status: 403)
      },
      passing("`/next` answered with garbage", log: [tryingAgain]) { call in
        try call.connection.sendRaw(Array("\u{0}\u{1}garbage \u{7F}\r\n\r\nmore".utf8))
        call.connection.close()
      },
      passing("`/next` answered with half a header", log: [tryingAgain]) { call in
        try call.connection.sendRaw(Array("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Req".utf8))
        call.connection.close()
      },
      passing("200 without request id", log: [unanswerable]) {
        try $0.connection.send(status: 200, body: removal)
      },
      fatal(
        "every event without request id",
        Array(repeating: unanswerable, count: 8)
          + ["FATAL events without a request id keep arriving; giving up"], 1.8
      ) { try $0.connection.send(status: 200, body: removal) },
    ]

  private static let unanswerable =
    "ERROR the Runtime API sent an event without a request id; it cannot be answered"

  private static func refused(_ status: Int) -> String {
    "ERROR the Runtime API returned \(status) for /invocation/next; retrying for 2 s, "
      + "then exiting with status 1"
  }

  /// All events are processed, although the first `/next` of the third one fails.
  private static func passing(
    _ name: String, log: [String], _ act: @escaping @Sendable (Call) throws -> Void
  ) -> Fault {
    Fault(name: name, outcomes: allAnswered, log: log) { call in
      guard call.isThird else { return false }
      try act(call)
      return true
    }
  }

  /// The process exits because every `/next` of the third event fails.
  private static func fatal(
    _ name: String, _ log: [String], _ minimumSeconds: Double = 0,
    _ act: @escaping @Sendable (Call) throws -> Void
  ) -> Fault {
    Fault(
      name: name, outcomes: onlyTwo, exitStatus: 1, log: log, minimumSeconds: minimumSeconds
    ) { call in
      guard call.number == 3 else { return false }
      try act(call)
      return true
    }
  }
}
