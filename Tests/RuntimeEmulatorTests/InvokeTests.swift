import Foundation
import HTTPClient
import JSON
import RuntimeEmulator
import TestSupport
import Testing

@Suite struct InvokeTests {
  @Test(arguments: [
    "function", "any-name", "arn:aws:lambda:us-east-1:123456789012:function:f%3Alive",
  ])
  func aClientGetsTheFunctionsAnswer(name: String) throws {
    let emulator = try RuntimeEmulator()
    defer { emulator.stop() }
    let runtime = RuntimeClient.run(emulator) { try $0.serve { "[\($0)]" } }
    let response = try invokeOverHTTP(emulator, "{\"a\":1}", function: name)
    #expect(response.status == 200)
    #expect(response.body == Array("[{\"a\":1}]".utf8))
    #expect(response.headers["X-Amz-Executed-Version"] == "$LATEST")
    #expect(response.headers["X-Amz-Function-Error"] == nil)
    #expect(runtime.wait() != nil)
  }

  @Test func aFunctionErrorIsA200WithAHeader() throws {
    let emulator = try RuntimeEmulator()
    defer { emulator.stop() }
    let runtime = RuntimeClient.run(emulator) { client in
      let id = try client.next().headers["Lambda-Runtime-Aws-Request-Id"] ?? ""
      try client.post("invocation/\(id)/error", "{\"errorType\":\"T\"}")
    }
    let response = try invokeOverHTTP(emulator, "{}")
    #expect(response.status == 200)
    #expect(response.headers["X-Amz-Function-Error"] == "Unhandled")
    #expect(response.body == Array("{\"errorType\":\"T\"}".utf8))
    #expect(runtime.wait() != nil)
  }

  @Test func anEventIsQueuedAndCarriedOutLater() throws {
    let emulator = try RuntimeEmulator()
    defer { emulator.stop() }
    let response = try invokeOverHTTP(
      emulator, "[5]", headers: [("X-Amz-Invocation-Type", "Event")])
    #expect(response.status == 202)
    #expect(response.body.isEmpty)
    let served = RuntimeClient.run(emulator) { client in
      let event = Box<String>()
      try client.serve {
        event.set($0)
        return ""
      }
      return event.wait() ?? ""
    }
    #expect(served.wait() == "[5]")
  }

  @Test func aDryRunRunsNothing() throws {
    let emulator = try RuntimeEmulator()
    defer { emulator.stop() }
    let response = try invokeOverHTTP(
      emulator, "{}", headers: [("X-Amz-Invocation-Type", "DryRun")])
    #expect(response.status == 204)
  }

  @Test func theQualifierBecomesPartOfTheARN() throws {
    let emulator = try RuntimeEmulator()
    defer { emulator.stop() }
    let arn = RuntimeClient.run(emulator) { client in
      let next = try client.next()
      try client.post("invocation/\(next.headers["Lambda-Runtime-Aws-Request-Id"] ?? "")/response")
      return next.headers["Lambda-Runtime-Invoked-Function-Arn"] ?? ""
    }
    let client = try HTTPClient(trust: TrustStore(primary: .amazonTrustServices), proxy: .direct)
    _ = try client.send(
      HTTPRequest(
        method: "POST",
        url: "\(emulator.baseURL)/2015-03-31/functions/f/invocations?Qualifier=live",
        timeoutMilliseconds: 30_000, maximumBodyBytes: 1000))
    #expect(arn.wait() == "arn:aws:lambda:us-east-1:123456789012:function:function:live")
  }

  @Test func theClientContextIsDecoded() throws {
    let emulator = try RuntimeEmulator()
    defer { emulator.stop() }
    let context = RuntimeClient.run(emulator) { client in
      let next = try client.next()
      try client.post("invocation/\(next.headers["Lambda-Runtime-Aws-Request-Id"] ?? "")/response")
      return next.headers["Lambda-Runtime-Client-Context"] ?? ""
    }
    let encoded = Data("{\"custom\":\n{}}".utf8).base64EncodedString()
    _ = try invokeOverHTTP(emulator, "", headers: [("X-Amz-Client-Context", encoded)])
    #expect(context.wait() == "{\"custom\": {}}")
  }

  @Test(arguments: [
    ("not json", [("a", "b")], 400, "InvalidRequestContentException"),
    ("{}", [("X-Amz-Client-Context", "%")], 400, "InvalidRequestContentException"),
    ("{}", [("X-Amz-Invocation-Type", "Later")], 400, "InvalidParameterValueException"),
    (String(repeating: " ", count: 6_291_457), [("a", "b")], 413, "RequestTooLargeException"),
    (
      String(repeating: " ", count: 1_048_577), [("X-Amz-Invocation-Type", "Event")], 413,
      "RequestTooLargeException"
    ),
  ])
  func aBadRequestIsRefusedAsLambdaDoes(
    body: String, headers: [(String, String)], status: Int, type: String
  ) throws {
    let emulator = try RuntimeEmulator()
    defer { emulator.stop() }
    let response = try invokeOverHTTP(emulator, body, headers: headers)
    #expect(response.status == status)
    #expect(response.headers["x-amzn-ErrorType"] == type)
    #expect(try JSONValue(parsing: response.body)["message"]?.stringValue != nil)
  }

  @Test func theTailOfTheLogComesWhenAskedFor() throws {
    let emulator = try RuntimeEmulator()
    defer { emulator.stop() }
    emulator.setInvoker { request in
      InvocationOutcome(
        requestID: request.requestID, result: .success([]), durationMilliseconds: 1,
        log: Array(String(repeating: "x", count: 5000).utf8) + Array("end".utf8))
    }
    let response = try invokeOverHTTP(emulator, "", headers: [("X-Amz-Log-Type", "Tail")])
    let log = try #require(response.headers["X-Amz-Log-Result"].flatMap { Data(base64Encoded: $0) })
    #expect(log.count == 4096)
    #expect(log.suffix(3) == Data("end".utf8))
    #expect(try invokeOverHTTP(emulator, "").headers["X-Amz-Log-Result"] == nil)
  }
}
