import Foundation
import Platform
import TestSupport
import Testing

@testable import LambdaRuntime

/// Serialized, because the process has one environment.
@Suite(.serialized) struct TraceVariableTests {
  private static var value: String? { getenv("_X_AMZN_TRACE_ID").map { String(cString: $0) } }

  @Test func theVariableFollowsTheInvocationAndGoes() {
    let variable = TraceVariable()
    variable.set("Root=1")
    #expect(Self.value == "Root=1")
    variable.set("Root=2;Parent=3")
    #expect(Self.value == "Root=2;Parent=3")
    variable.set(nil)
    #expect(Self.value == nil)
  }

  /// Records the variable as read by a library of the handler.
  private struct TraceHandler: InvocationHandler {
    let seen: Recorder<String?>
    func handle(_ invocation: Invocation, log: Log) throws(InvocationError) -> [UInt8] {
      seen.add(getenv("_X_AMZN_TRACE_ID").map { String(cString: $0) })
      return []
    }
  }

  @Test func aHandlerFindsTheTraceOfItsOwnInvocation() throws {
    let traces = ["Root=1", nil, "Root=3"]
    let server = try ScriptedServer(
      traces.flatMap { trace in
        [
          .init(
            200,
            [("Lambda-Runtime-Aws-Request-Id", "id")]
              + (trace.map { [("Lambda-Runtime-Trace-Id", $0)] } ?? []), body: "{}"), .init(202),
        ]
      } + [.init(500)])
    defer { server.stop() }
    setenv("AWS_LAMBDA_RUNTIME_API", String(server.baseURL.dropFirst("http://".count)), 1)
    defer { unsetenv("AWS_LAMBDA_RUNTIME_API") }
    let seen = Recorder<String?>()
    let runtime = Runtime(
      environment: .process, clock: .system, log: Log(environment: Environment([:])) { _ in }
    ) { _ in TraceHandler(seen: seen) }
    #expect(runtime.serve() == 1)
    #expect(seen.all == traces)
  }
}
