import Foundation
import RuntimeEmulator
import TestSupport
import Testing

@Suite struct HookTests {
  private func emulator(_ hook: @escaping RuntimeAPIHook) throws -> RuntimeEmulator {
    var configuration = RuntimeEmulator.Configuration()
    configuration.hook = hook
    return try RuntimeEmulator(configuration: configuration)
  }

  @Test func aHookSeesEachCall() throws {
    let seen = Recorder<String>()
    let emulator = try emulator { call, _, _ in
      switch call {
      case .delivery(let delivery): seen.add("delivery \(delivery.requestID) \(delivery.event)")
      default: seen.add("\(call)")
      }
      return .proceed
    }
    defer { emulator.stop() }
    let runtime = RuntimeClient.run(emulator) { try $0.serve { $0 } }
    _ = emulator.invoke(InvocationRequest(event: [1], requestID: "id"))
    #expect(runtime.wait() != nil)
    #expect(seen.all == ["next", "delivery id [1]", "response(requestID: \"id\")"])
  }

  /// The first delivery fails, and the same runtime receives the event again.
  private func expectServedAtTheSecondTry(_ emulator: RuntimeEmulator) {
    let runtime = RuntimeClient.run(emulator) { client in
      let isBroken = (try? client.next()) == nil
      try client.serve { $0 }
      return isBroken
    }
    #expect(emulator.invoke([1]).payload == [1])
    #expect(runtime.wait() == true)
  }

  @Test func anIgnoredDeliveryGoesBackToTheQueue() throws {
    let calls = Recorder<Int>()
    let emulator = try emulator { call, _, connection in
      guard case .delivery = call, calls.add(0) == 1 else { return .proceed }
      try connection.sendRaw(Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nha".utf8))
      connection.reset()
      return .ignored
    }
    defer { emulator.stop() }
    expectServedAtTheSecondTry(emulator)
  }

  @Test func aRuntimeMayAskAgainBeforeItsBrokenDeliveryIsTakenBack() throws {
    let askedAgain = Box<Bool>()
    let calls = Recorder<RuntimeAPICall>()
    let emulator = try emulator { call, _, connection in
      let count = calls.add(call)
      if call == .next, count > 1 { askedAgain.set(true) }
      guard case .delivery = call, count == 2 else { return .proceed }
      connection.reset()
      // The runtime is faster than the emulator: the delivery ends only after the next call.
      _ = askedAgain.wait()
      return .ignored
    }
    defer { emulator.stop() }
    expectServedAtTheSecondTry(emulator)
  }

  @Test func anAnswerCanBeTakenWithAnyReply() throws {
    let emulator = try emulator { call, _, connection in
      guard case .response = call else { return .proceed }
      try connection.send(status: 500)
      return .answered
    }
    defer { emulator.stop() }
    let status = RuntimeClient.run(emulator) { client in
      _ = try client.next()
      return try client.post("invocation/id/response", "taken").status
    }
    #expect(
      emulator.invoke(InvocationRequest(event: [], requestID: "id")).payload == Array("taken".utf8))
    #expect(status.wait() == 500)
  }
}
