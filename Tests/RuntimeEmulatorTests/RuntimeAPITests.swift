import Foundation
import HTTPClient
import JSON
import RuntimeEmulator
import TestSupport
import Testing

@Suite struct RuntimeAPITests {
  @Test func anEventIsHandedOverAndItsAnswerComesBack() throws {
    let emulator = try RuntimeEmulator()
    defer { emulator.stop() }
    let runtime = RuntimeClient.run(emulator) { try $0.serve { "{\"echo\":\($0)}" } }
    let outcome = emulator.invoke(Array("[1]".utf8))
    #expect(outcome.result == .success(Array("{\"echo\":[1]}".utf8)))
    #expect(outcome.durationMilliseconds > 0)
    #expect(runtime.wait() != nil)
  }

  @Test func nextCarriesAllHeaders() throws {
    let emulator = try RuntimeEmulator()
    defer { emulator.stop() }
    let seen = RuntimeClient.run(emulator) { client in
      let next = try client.next()
      let names = [
        "Aws-Request-Id", "Deadline-Ms", "Invoked-Function-Arn", "Trace-Id", "Invocation-Id",
        "Client-Context",
        "Cognito-Identity", "Aws-Tenant-Id",
      ]
      try client.post("invocation/id-1/response")
      return names.map { next.headers["Lambda-Runtime-\($0)"] ?? "missing" }
    }
    let begun = Date().timeIntervalSince1970 * 1000
    _ = emulator.invoke(
      InvocationRequest(
        event: [], requestID: "id-1", traceID: "Root=1-2-3", clientContext: "{\"a\":1}",
        cognitoIdentity: "{}",
        tenantID: "tenant"))
    let headers = try #require(seen.wait())
    #expect(headers[0] == "id-1")
    let deadline = try #require(Double(headers[1]))
    #expect(deadline >= begun + 2990 && deadline < begun + 13_000)
    #expect(headers[2] == "arn:aws:lambda:us-east-1:123456789012:function:function")
    #expect(headers[3] == "Root=1-2-3")
    #expect(UUID(uuidString: headers[4]) != nil)
    #expect(headers[5...] == ["{\"a\":1}", "{}", "tenant"])
  }

  @Test func theInvocationIDCanBeLeftOut() throws {
    var configuration = RuntimeEmulator.Configuration()
    configuration.sendsInvocationID = false
    let emulator = try RuntimeEmulator(configuration: configuration)
    defer { emulator.stop() }
    let seen = RuntimeClient.run(emulator) { client in
      let next = try client.next()
      try client.post("invocation/id/response")
      return next.headers["Lambda-Runtime-Invocation-Id"] == nil
    }
    _ = emulator.invoke(InvocationRequest(event: [], requestID: "id"))
    #expect(seen.wait() == true)
  }

  @Test func invocationsAreServedInOrderOneAtATime() throws {
    let emulator = try RuntimeEmulator()
    defer { emulator.stop() }
    let order = Recorder<String>()
    let outcomes = (0..<5).map { _ in Box<InvocationOutcome>() }
    let isOverlapping = RuntimeClient.run(emulator) { client in
      for _ in 0..<5 {
        try client.serve { event in
          order.add(event)
          return event
        }
      }
      return false
    }
    for (index, box) in outcomes.enumerated() {
      let isQueued = Box<Bool>()
      Thread {
        isQueued.set(true)
        box.set(emulator.invoke(Array("\(index)".utf8)))
      }.start()
      #expect(isQueued.wait() == true)
      if index == 0 { #expect(box.wait() != nil) }
    }
    #expect(isOverlapping.wait() == false)
    for (index, box) in outcomes.enumerated() {
      #expect(box.wait()?.payload == Array("\(index)".utf8))
    }
    #expect(order.all.count == 5)
  }

  @Test func anErrorKeepsItsTypeAndPayload() throws {
    let emulator = try RuntimeEmulator()
    defer { emulator.stop() }
    let payload = "{\"errorMessage\":\"m\",\"errorType\":\"FromBody\",\"stackTrace\":[]}"
    for type in ["Category.Reason", nil] {
      let status = RuntimeClient.run(emulator) { client in
        _ = try client.next()
        let headers = type.map { [("Lambda-Runtime-Function-Error-Type", $0)] } ?? []
        return try client.post("invocation/id/error", payload, headers: headers).status
      }
      let outcome = emulator.invoke(InvocationRequest(event: [], requestID: "id"))
      #expect(outcome.result == .error(type: type ?? "FromBody", payload: Array(payload.utf8)))
      #expect(status.wait() == 202)
    }
  }

  @Test func anAcceptedAnswerIsOK() throws {
    let emulator = try RuntimeEmulator()
    defer { emulator.stop() }
    let reply = RuntimeClient.run(emulator) { client in
      _ = try client.next()
      return try client.post("invocation/id/response").body
    }
    _ = emulator.invoke(InvocationRequest(event: [], requestID: "id"))
    let body = try #require(reply.wait())
    #expect(try JSONValue(parsing: body) == ["status": "OK"])
  }

  @Test func anUnknownRequestIDIs403() throws {
    let emulator = try RuntimeEmulator()
    defer { emulator.stop() }
    let reply = try RuntimeClient(emulator).post("invocation/nobody/response")
    #expect(reply.status == 403)
    #expect(try JSONValue(parsing: reply.body)["errorType"] == "InvalidRequestID")
  }

  @Test func aSecondAnswerIs403() throws {
    let emulator = try RuntimeEmulator()
    defer { emulator.stop() }
    let statuses = RuntimeClient.run(emulator) { client in
      _ = try client.next()
      return try ["response", "error"].map { try client.post("invocation/id/\($0)").status }
    }
    _ = emulator.invoke(InvocationRequest(event: [], requestID: "id"))
    #expect(statuses.wait() == [202, 403])
  }

  @Test func askingForTheNextBeforeAnsweringIs403() throws {
    let emulator = try RuntimeEmulator()
    defer { emulator.stop() }
    let status = RuntimeClient.run(emulator) { client in
      _ = try client.next()
      let status = try client.next().status
      try client.post("invocation/id/response")
      return status
    }
    _ = emulator.invoke(InvocationRequest(event: [], requestID: "id"))
    #expect(status.wait() == 403)
  }

  @Test(arguments: [(6_291_456, 202), (6_291_457, 413)])
  func anAnswerMayHold6MiB(size: Int, status: Int) throws {
    let emulator = try RuntimeEmulator()
    defer { emulator.stop() }
    let got = RuntimeClient.run(emulator) { client in
      _ = try client.next()
      return try client.post("invocation/id/response", String(repeating: "x", count: size)).status
    }
    let outcome = emulator.invoke(InvocationRequest(event: [], requestID: "id"))
    #expect(got.wait() == status)
    #expect(outcome.errorType == (status == 413 ? "Function.ResponseSizeTooLarge" : nil))
  }

  @Test func anInitErrorEndsWhatIsWaiting() throws {
    let emulator = try RuntimeEmulator()
    defer { emulator.stop() }
    let outcome = Box<InvocationOutcome>()
    Thread { outcome.set(emulator.invoke([])) }.start()
    let client = try RuntimeClient(emulator)
    // The invocation may not be queued yet: report until it is.
    let isOver = try waitUntil {
      let reply = try client.post(
        "init/error", "{\"errorType\":\"Config.Missing\"}",
        headers: [("Lambda-Runtime-Function-Error-Type", "Config.Missing")])
      #expect(reply.status == 202)
      return outcome.wait(timeoutSeconds: 0) != nil
    }
    #expect(isOver)
    #expect(outcome.wait()?.errorType == "Config.Missing")
    #expect(emulator.reportedInitError?.type == "Config.Missing")
  }

  @Test func aRuntimeThatHangsUpWhileWaitingLosesNothing() throws {
    let emulator = try RuntimeEmulator()
    defer { emulator.stop() }
    let port = try #require(UInt16(emulator.address.split(separator: ":")[1]))
    var gone: RawClient? = try RawClient(port: port)
    try gone?.send("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n\r\n")
    gone = nil
    let runtime = RuntimeClient.run(emulator) { try $0.serve { $0 } }
    #expect(emulator.invoke([7]).payload == [7])
    #expect(runtime.wait() != nil)
  }

  @Test func theExtensionAPIIsNotThere() throws {
    let emulator = try RuntimeEmulator()
    defer { emulator.stop() }
    #expect(try RuntimeClient(emulator).post("../../2020-01-01/extension/register").status == 404)
  }

  @Test func stopEndsWhatIsWaiting() throws {
    let emulator = try RuntimeEmulator()
    let waiting = RuntimeClient.run(emulator) { client in (try? client.next()) == nil }
    let outcome = Box<InvocationOutcome>()
    Thread {
      // Two: one is delivered to the waiting runtime, the other stays in the queue.
      Thread { _ = emulator.invoke([]) }.start()
      outcome.set(emulator.invoke([]))
    }.start()
    emulator.stop()
    #expect(outcome.wait()?.errorType == "Sandbox.Stopped")
    #expect(waiting.wait() != nil)
  }
}
