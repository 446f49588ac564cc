import Foundation
import RuntimeEmulator
import TestSupport
import Testing

private func emulator(timeoutMilliseconds: Int64) throws -> RuntimeEmulator {
  var configuration = RuntimeEmulator.Configuration()
  configuration.timeoutMilliseconds = timeoutMilliseconds
  return try RuntimeEmulator(configuration: configuration)
}

@Suite struct DeadlineTests {
  @Test func anInvocationWithoutAnswerTimesOutAndItsLateAnswerIsGone() throws {
    let emulator = try emulator(timeoutMilliseconds: 50)
    defer { emulator.stop() }
    let isOver = Box<Bool>()
    let status = RuntimeClient.run(emulator) { client in
      _ = try client.next()
      _ = isOver.wait()
      return try client.post("invocation/id/response").status
    }
    let outcome = emulator.invoke(InvocationRequest(event: [], requestID: "id"))
    isOver.set(true)
    #expect(
      String(decoding: outcome.payload, as: UTF8.self)
        == "{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"RequestId: id Error: Task timed out after 0.05 seconds\"}"
    )
    // The deadline is set slightly before the duration starts.
    #expect(outcome.durationMilliseconds >= 45)
    #expect(status.wait() == 410)
  }

  @Test func theNextInvocationAfterATimeOutWorks() throws {
    let emulator = try emulator(timeoutMilliseconds: 1_000)
    defer { emulator.stop() }
    let isOver = Box<Bool>()
    let runtime = RuntimeClient.run(emulator) { client in
      _ = try client.next()
      _ = isOver.wait()
      try client.serve { $0 }
    }
    #expect(emulator.invoke([1]).errorType == "Sandbox.Timedout")
    isOver.set(true)
    #expect(emulator.invoke([2]).payload == [2])
    #expect(runtime.wait() != nil)
  }

  @Test func aStaleAnswerIsNotDeliveredToARetryWithTheSameRequestID() throws {
    let emulator = try emulator(timeoutMilliseconds: 1_000)
    defer { emulator.stop() }
    let isOver = Box<Bool>()
    let statuses = RuntimeClient.run(emulator) { client in
      let first = try client.next().headers["Lambda-Runtime-Invocation-Id"] ?? ""
      _ = isOver.wait()
      let second = try client.next().headers["Lambda-Runtime-Invocation-Id"] ?? ""
      return try [(first, "stale"), (second, "fresh")].map { id, body in
        try client.post(
          "invocation/id/response", body, headers: [("Lambda-Runtime-Invocation-Id", id)]
        ).status
      }
    }
    #expect(
      emulator.invoke(InvocationRequest(event: [], requestID: "id")).errorType == "Sandbox.Timedout"
    )
    isOver.set(true)
    let retry = emulator.invoke(InvocationRequest(event: [], requestID: "id"))
    #expect(retry.payload == Array("fresh".utf8))
    #expect(statuses.wait() == [410, 202])
  }

  @Test func aWaitForTheRuntimeDoesNotCount() throws {
    let emulator = try emulator(timeoutMilliseconds: 1_000)
    defer { emulator.stop() }
    let outcome = Box<InvocationOutcome>()
    Thread { outcome.set(emulator.invoke([3])) }.start()
    #expect(outcome.wait(timeoutSeconds: 1.2) == nil)
    let runtime = RuntimeClient.run(emulator) { try $0.serve { $0 } }
    #expect(outcome.wait()?.payload == [3])
    #expect(runtime.wait() != nil)
  }

  @Test func anInvocationWhoseProcessEndedFailsAtOnce() throws {
    let emulator = try emulator(timeoutMilliseconds: 60_000)
    defer { emulator.stop() }
    let isDelivered = Box<Bool>()
    let runtime = RuntimeClient.run(emulator) { client in
      _ = try client.next()
      isDelivered.set(true)
    }
    let outcome = Box<InvocationOutcome>()
    Thread { outcome.set(emulator.invoke(InvocationRequest(event: [], requestID: "id"))) }.start()
    #expect(isDelivered.wait() == true)
    #expect(
      emulator.fail(
        requestID: "id", type: "Runtime.ExitError",
        message: "Runtime exited with error: exit status 1"))
    #expect(outcome.wait()?.errorType == "Runtime.ExitError")
    #expect(!emulator.fail(requestID: "id", type: "Runtime.ExitError", message: ""))
    #expect(runtime.wait() != nil)
  }
}
