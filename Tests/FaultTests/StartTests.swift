import Foundation
import LoopbackServer
import TestSupport
import Testing

@Suite struct StartTests {
  private static let environment = [
    "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "secret", "ENDPOINT_NAME": "dog-breeds",
    "AWS_LAMBDA_LOG_LEVEL": "WARN",
  ]

  private func start(_ environment: [String: String]) throws -> BootstrapProcess {
    try BootstrapProcess(environment: Self.environment.merging(environment) { $1 })
  }

  @Test func withoutAListenerItGivesUpAfterTwoSecondsWithALogLine() throws {
    let port = try ReservedPort()
    let start = Date()
    let process = try self.start(["AWS_LAMBDA_RUNTIME_API": "127.0.0.1:\(port.number)"])
    defer { process.stop() }
    #expect(process.waitForExit() == 1)
    #expect(Date().timeIntervalSince(start) >= 1.8)
    #expect(
      process.log.map(FaultRun.essence) == [
        "WARN /invocation/next failed", "FATAL /invocation/next failed",
      ])
    #expect(process.processorMilliseconds ?? .max < FaultRun.processorLimitMilliseconds)
  }

  @Test func aRuntimeAPIThatComesLateIsFound() throws {
    let port = try ReservedPort()
    let process = try start(["AWS_LAMBDA_RUNTIME_API": "127.0.0.1:\(port.number)"])
    defer { process.stop() }
    #expect(waitUntil { !process.log.isEmpty }, "it is trying")
    let answered = Box<String>()
    let server = try LoopbackServer(port: port.number) { request, connection in
      if request.path.hasSuffix("/next") {
        try connection.send(
          status: 200, headers: [("Lambda-Runtime-Aws-Request-Id", "id")], body: Fault.removal)
      } else {
        answered.set(request.path)
        _ = connection.waitUntilClientIsGone()
      }
    }
    defer { server.stop() }
    #expect(answered.wait() == "/2018-06-01/runtime/invocation/id/response")
    process.stop()
  }

  @Test(arguments: ["127.0.0.1:port", "not a host", "http://127.0.0.1", "127.0.0.1:1/\n"])
  func anAddressThatCannotBeUsedEndsTheProcessWithALogLine(address: String) throws {
    let process = try start(["AWS_LAMBDA_RUNTIME_API": address])
    defer { process.stop() }
    #expect(process.waitForExit() == 1)
    #expect(process.log.last?.contains("FATAL") == true)
    #expect(process.processorMilliseconds ?? .max < FaultRun.processorLimitMilliseconds)
  }

  @Test func anInitErrorThatCannotBeReportedIsLoggedAndEndsTheProcess() throws {
    let port = try ReservedPort()
    let process = try start([
      "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:\(port.number)", "ENDPOINT_NAME": "",
    ])
    defer { process.stop() }
    #expect(process.waitForExit() == 1)
    let levels = process.log.map { $0.split(separator: "\t")[2] }
    #expect(levels == ["FATAL", "ERROR"])
  }

  @Test(arguments: [("AWS_LAMBDA_MAX_CONCURRENCY", "many"), ("SIGTERM_HANDLING", "yes")])
  func anUnusableSettingOfTheRuntimeIsAnInitError(variable: String, value: String) throws {
    let server = try ScriptedServer([.init(202)])
    defer { server.stop() }
    let process = try start([
      "AWS_LAMBDA_RUNTIME_API": String(server.baseURL.dropFirst("http://".count)),
      variable: value,
    ])
    defer { process.stop() }
    #expect(process.waitForExit() == 1)
    #expect(server.requests.map(\.path) == ["/2018-06-01/runtime/init/error"])
    #expect(
      server.requests.first?.header("Lambda-Runtime-Function-Error-Type")
        == "Configuration." + variable.filter { $0 != "_" })
  }
}
