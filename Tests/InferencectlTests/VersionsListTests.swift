import JSON
import LoopbackServer
import TestSupport
import Testing

@Suite struct VersionsListTests {
  private let server: RoutedServer

  init() throws {
    server = try RoutedServer([
      "GET /2015-03-31/functions/f/versions": [
        .init(
          200,
          body: """
            {"Versions":[\(Self.version("$LATEST", size: 900)),\(Self.version("9", size: 4_100_000)),
            \(Self.version("10", size: 328_016))]}
            """)
      ],
      "GET /2015-03-31/functions/f/aliases": [
        .init(
          200,
          body: """
            {"Aliases":[{"Name":"live","FunctionVersion":"9","RoutingConfig":{"AdditionalVersionWeights":{"10":0.1}}}]}
            """)
      ],
      "GET /2019-09-30/functions/f/provisioned-concurrency": [
        .init(
          200,
          body: """
            {"ProvisionedConcurrencyConfigs":[{"FunctionArn":"arn:aws:lambda:us-east-1:1:function:f:live",
            "RequestedProvisionedConcurrentExecutions":5,"AvailableProvisionedConcurrentExecutions":0,
            "Status":"IN_PROGRESS"}]}
            """)
      ],
    ])
  }

  @Test func tableShowsTheNewestFirstWithSharesAndProvisioned() throws {
    let run = CommandRun(["versions", "list", "--function-name", "f"], url: server.baseURL)
    #expect(run.status == 0)
    #expect(
      run.output == """
        VERSION  MODIFIED             SIZE      SHA256        ALIASES      PROVISIONED
        $LATEST  2026-11-22T14:26:41  900 B     0123456789ab  -            -
        10       2026-11-22T14:26:41  328.0 kB  0123456789ab  live (10 %)  -
        9        2026-11-22T14:26:41  4.1 MB    0123456789ab  live (90 %)  0/5 IN_PROGRESS

        """)
    #expect(server.calls.count == 3)
  }

  @Test(arguments: [
    (["versions", "list"], 3), (["alias", "show"], 2),
    (["alias", "show", "--qualifier", "live"], 2),
  ])
  func readsAreUnderWayAtTheSameTime(arguments: [String], count: Int) throws {
    // Answers none before all have arrived: one after the other they would wait a minute.
    let barrier = Barrier(count: count)
    let current = Locked((now: 0, most: 0))
    let server = try LoopbackServer { request, connection in
      current.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
      barrier.wait()
      current.withLock { $0.now -= 1 }
      let body =
        request.path.hasSuffix("/live")
        ? #"{"Name":"live","FunctionVersion":"9"}"#
        : #"{"Versions":[],"Aliases":[],"ProvisionedConcurrencyConfigs":[]}"#
      try connection.send(status: 200, body: Array(body.utf8))
    }
    defer { server.stop() }
    #expect(CommandRun(arguments + ["--function-name", "f"], url: server.baseURL).status == 0)
    #expect(current.withLock { $0.most } == count)
  }

  @Test func jsonHasTheSameFacts() throws {
    let run = CommandRun(
      ["versions", "list", "--function-name", "f", "--output", "json"], url: server.baseURL)
    let versions = try JSONValue(parsing: run.output)
    #expect(versions[2]?["version"] == "9")
    #expect(versions[2]?["aliases"]?[0]?["name"] == "live")
    #expect(versions[2]?["provisioned"]?["status"] == "IN_PROGRESS")
  }

  private static func version(_ number: String, size: Int) -> String {
    """
    {"FunctionName":"f","FunctionArn":"arn:f","Version":"\(number)","CodeSize":\(size),
    "CodeSha256":"0123456789abcdef=","LastModified":"2026-11-22T14:26:41.123+0000"}
    """
  }
}
