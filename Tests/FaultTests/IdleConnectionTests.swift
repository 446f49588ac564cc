import LoopbackServer
import TestSupport
import Testing

/// The connection to the Runtime API breaks while the handler works, between `/next` and the post.
@Suite struct IdleConnectionTests {
  @Test(arguments: [false, true])
  func aConnectionThatBreaksWhileTheHandlerWorksIsReplacedForThePost(byReset: Bool) throws {
    let runtimeAPI = Locked<TenEvents?>(nil)
    // S3 responds only after the connection to the Runtime API has closed.
    let s3 = try LoopbackServer { _, connection in
      runtimeAPI.withLock { $0 }?.breakConnection(byReset: byReset)
      try connection.send(status: 404)
    }
    defer { s3.stop() }
    var fault = Fault(name: "", outcomes: "")
    fault.event = { number in
      let kind = number == 3 ? "Created:Put" : "Removed:Delete"
      return Array(
        String(decoding: Fault.removal, as: UTF8.self)
          .replacing("Removed:Delete", with: kind).utf8)
    }
    let server = try TenEvents(fault)
    runtimeAPI.withLock { $0 = server }
    defer { server.stop() }
    let process = try BootstrapProcess(environment: [
      "AWS_LAMBDA_RUNTIME_API": server.address, "AWS_REGION": "us-east-1",
      "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
      "ENDPOINT_NAME": "dog-breeds", "AWS_LAMBDA_LOG_LEVEL": "WARN",
      "AWS_ENDPOINT_URL_S3": s3.baseURL, "METRICS": "off",
    ])
    defer { process.stop() }
    #expect(server.isDone(timeoutSeconds: 60))
    process.stop()
    #expect(server.stop())
    #expect(server.outcomes == "1–2 answered, 3 error reported, 4–10 answered")
    #expect(process.log.count == 1, "the error of S3 and nothing else")
  }
}
