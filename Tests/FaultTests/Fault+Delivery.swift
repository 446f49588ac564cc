/// Events that arrive in an unusual shape.
extension Fault {
  private static let allAnswered = "1–10 answered"

  static let ofDelivery: [Fault] = [
    shaped("headers in lower case") { $0.map { ($0.0.lowercased(), $0.1) } },
    shaped("headers in upper case and reverse order") { headers in
      headers.reversed().map { ($0.0.uppercased(), $0.1) }
    },
    shaped("deadline, ARN, trace and invocation id headers missing") { headers in
      headers.filter { $0.0 == "Lambda-Runtime-Aws-Request-Id" }
    },
    shaped("a deadline that is not a number") { headers in
      headers.map { $0.0 == "Lambda-Runtime-Deadline-Ms" ? ($0.0, "soon") : $0 }
    },
    Fault(name: "a chunked event", outcomes: allAnswered) { call in
      guard call.number == 3 else { return false }
      let head =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
        + call.headers.map { "\($0.0): \($0.1)\r\n" }.joined() + "\r\n"
      let halves = [removal.prefix(40), removal.dropFirst(40)]
      let chunks = halves.flatMap {
        Array((String($0.count, radix: 16) + "\r\n").utf8) + $0 + Array("\r\n".utf8)
      }
      try call.connection.sendRaw(Array(head.utf8) + chunks + Array("0\r\n\r\n".utf8))
      return true
    },
    Fault(
      name: "an event of 6 MiB", outcomes: allAnswered,
      event: { number in
        number == 3
          ? [UInt8](repeating: 0x20, count: 6_291_456 - removal.count) + removal : removal
      }),
    Fault(
      name: "an empty event", outcomes: "1–2 answered, 3 error reported, 4–10 answered",
      log: ["ERROR Event.NotJSON: the event is not JSON: a value is missing at byte 0"],
      event: { $0 == 3 ? [] : removal }),
    Fault(
      name: "half an event, then the end of the connection",
      outcomes: "1–2 answered, 3 error reported, 4–10 answered",
      log: [incomplete]
    ) { call in
      guard call.number == 3 else { return false }
      try call.connection.send(
        status: 200, headers: call.headers + [("Content-Length", "200")],
        body: Array(removal.prefix(20)))
      call.connection.close()
      return true
    },
    Fault(
      name: "half an event, then a reset",
      outcomes: "1–2 answered, 3 error reported, 4–10 answered",
      log: [incomplete]
    ) { call in
      guard call.number == 3 else { return false }
      try call.connection.send(
        status: 200, headers: call.headers + [("Content-Length", "200")],
        body: Array(removal.prefix(20)))
      call.connection.reset()
      return true
    },
    Fault(
      name: "an event of 17 MiB",
      outcomes: "1–2 answered, 3 error reported, 4–10 answered",
      log: [incomplete]
    ) { call in
      guard call.number == 3 else { return false }
      try call.connection.send(
        status: 200, headers: call.headers + [("Content-Length", "\(17 << 20)")])
      return true
    },
    Fault(
      name: "every event is half, and its error is refused with 403",
      outcomes: "1–2 answered, 3–10 error refused with 403", exitStatus: 1,
      log: Array(
        repeating: [incomplete, "ERROR the Runtime API refused the error with status 403"], count: 8
      )
      .flatMap { $0 } + ["FATAL incomplete events keep arriving; giving up"],
      minimumSeconds: 1.8,
      onNext: { call in
        guard call.number >= 3 else { return false }
        try call.connection.send(
          status: 200, headers: call.headers + [("Content-Length", "200")],
          body: Array(removal.prefix(20)))
        call.connection.close()
        return true
      },
      onPost: { $0.number >= 3 ? 403 : nil }),
    Fault(
      name: "`Connection: close` on every answer", outcomes: allAnswered,
      extraHeaders: [("Connection", "close")]),
    Fault(
      name: "idle connection closed after every 202", outcomes: allAnswered,
      afterPost: { $0.connection.close() }),
    Fault(
      name: "idle connection reset after every 202", outcomes: allAnswered,
      afterPost: { $0.connection.reset() }),
  ]

  private static let incomplete =
    "ERROR Runtime.IncompleteEvent: the event from the Runtime API is incomplete"

  private static func shaped(
    _ name: String, _ change: @escaping @Sendable ([(String, String)]) -> [(String, String)]
  ) -> Fault {
    Fault(name: name, outcomes: allAnswered) { call in
      try call.server.deliver(call, headers: change(call.headers))
      return true
    }
  }
}
