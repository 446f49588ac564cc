/// Faults of the response to the third event.
extension Fault {
  static let ofPost: [Fault] = [false, true].flatMap { isError in
    let (path, what) = isError ? ("`/error`", "error") : ("`/response`", "response")
    let done = isError ? "error reported" : "answered"
    let word = isError ? "error" : "answer"
    let own = isError ? [unknownEvent] : []
    let faults =
      [400, 403, 404, 410, 413].map { status in
        answered(
          "\(path) answered \(status)", status,
          "1–2 answered, 3 \(word) refused with \(status), 4–10 answered",
          own + ["ERROR the Runtime API refused the \(what) with status \(status)"])
      } + [
        Fault(
          name: "\(path) answered 500",
          outcomes: "1–2 answered, 3 \(word) refused with 500, 4–10 not sent", exitStatus: 1,
          log: own + ["FATAL the Runtime API returned 500 for the \(what)"],
          onPost: { $0.number == 3 ? 500 : nil }),
        broken(
          "connection reset once while posting to \(path)", times: 1,
          "1–2 answered, 3 \(done) at attempt 2, 4–10 answered",
          own + ["WARN the \(what) was not delivered; retrying"]
        ) { $0.connection.reset() },
        broken(
          "end of file once while posting to \(path)", times: 1,
          "1–2 answered, 3 \(done) at attempt 2, 4–10 answered",
          own + ["WARN the \(what) was not delivered; retrying"]
        ) { $0.connection.close() },
        broken(
          "every post to \(path) reset", times: .max,
          "1–2 answered, 3 \(word) not accepted, 2 attempts, 4–10 answered",
          own + [
            "WARN the \(what) was not delivered; retrying",
            "ERROR the \(what) could not be delivered",
          ]
        ) { $0.connection.reset() },
        broken(
          "half an answer to \(path)", times: 1,
          "1–2 answered, 3 \(done) at attempt 2, 4–10 answered",
          own + ["WARN the \(what) was not delivered; retrying"]
        ) { call in
          try call.connection.sendRaw(Array("HTTP/1.1 202 Accepted\r\nContent-Le".utf8))
          call.connection.close()
        },
        broken(
          "garbage as answer to \(path)", times: 1,
          "1–2 answered, 3 \(done) at attempt 2, 4–10 answered",
          own + ["WARN the \(what) was not delivered; retrying"]
        ) { call in
          try call.connection.sendRaw(Array("\u{1}\u{2}\u{3}garbage\r\n\r\n".utf8))
          call.connection.close()
        },
      ]
    return isError ? faults.map { $0.withFailingThirdEvent() } : faults
  }

  private static let unknownEvent = "ERROR Event.Unknown"

  private static func answered(
    _ name: String, _ status: Int, _ outcomes: String, _ log: [String]
  ) -> Fault {
    Fault(name: name, outcomes: outcomes, log: log, onPost: { $0.number == 3 ? status : nil })
  }

  private static func broken(
    _ name: String, times: Int, _ outcomes: String, _ log: [String],
    _ act: @escaping @Sendable (Call) throws -> Void
  ) -> Fault {
    Fault(
      name: name, outcomes: outcomes, log: log,
      onPost: { call in
        guard call.number == 3, call.time <= times else { return nil }
        try act(call)
        return 0
      })
  }
}
