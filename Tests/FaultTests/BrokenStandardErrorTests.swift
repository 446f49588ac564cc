import RuntimeEmulator
import TestSupport
import Testing

@Suite struct BrokenStandardErrorTests {
  @Test func aLogThatCannotBeWrittenDoesNotEndTheProcess() throws {
    let emulator = try RuntimeEmulator()
    defer { emulator.stop() }
    let process = try BootstrapProcess(
      environment: [
        "AWS_LAMBDA_RUNTIME_API": emulator.address, "AWS_REGION": "us-east-1",
        "ENDPOINT_NAME": "dog-breeds",
      ], breaksLog: true)
    defer { process.stop() }
    for _ in 0..<3 {
      // Each failure is logged before it is reported.
      #expect(emulator.invoke(Array("{}".utf8)).errorType == "Event.Unknown")
    }
    #expect(process.waitForExit(timeoutSeconds: 0) == nil)
    #expect(process.log.isEmpty)
  }
}
