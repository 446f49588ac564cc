import Foundation
import LoopbackServer
import RuntimeEmulator
import TestSupport
import Testing

/// A sandbox that is frozen between two invocations, emulated by SIGSTOP and SIGCONT.
@Suite struct FreezeTests {
  @Test func aFreezeLongerThanAnInvocationDoesNotTimeOutTheNextOne() throws {
    var configuration = RuntimeEmulator.Configuration()
    configuration.timeoutMilliseconds = 3_000
    let emulator = try RuntimeEmulator(configuration: configuration)
    defer { emulator.stop() }
    // Slow enough that a timer that kept running during the freeze would abort the transfer.
    let s3 = try LoopbackServer { _, connection in
      if connection.waitUntilClientIsGone(timeoutMilliseconds: 300) { return }
      try connection.send(status: 404)
    }
    defer { s3.stop() }
    let process = try BootstrapProcess(environment: [
      "AWS_LAMBDA_RUNTIME_API": emulator.address, "AWS_REGION": "us-east-1",
      "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
      "ENDPOINT_NAME": "dog-breeds", "AWS_ENDPOINT_URL_S3": s3.baseURL,
    ])
    defer { process.stop() }
    let creation = Array(
      String(decoding: Fault.removal, as: UTF8.self)
        .replacing("Removed:Delete", with: "Created:Put").utf8)
    #expect(emulator.invoke(creation).errorType == "S3.NotFound")
    process.signal(SIGSTOP)
    // Longer than the deadline and the transfer, because the freeze itself is tested.
    usleep(3_500_000)
    process.signal(SIGCONT)
    #expect(emulator.invoke(creation).errorType == "S3.NotFound", "and no timeout")
    #expect(process.waitForExit(timeoutSeconds: 0) == nil)
  }
}
