import JSON
import TestSupport
import Testing

@Suite struct ConcurrencyCommandTests {
  private static let provisioned = "/2019-09-30/functions/f/provisioned-concurrency"

  private func routes(scaledTo maximum: Int? = nil) -> [String: [ScriptedServer.Answer]] {
    let target = maximum.map {
      """
      {"ResourceId":"function:f:live","MinCapacity":1,"MaxCapacity":\($0)}
      """
    }
    return [
      "GET /2016-08-19/account-settings": [
        .init(
          200,
          body:
            #"{"AccountLimit":{"ConcurrentExecutions":1000,"UnreservedConcurrentExecutions":980}}"#)
      ],
      "GET /2019-09-30/functions/f/concurrency": [
        .init(200, body: #"{"ReservedConcurrentExecutions":20}"#)
      ],
      "GET \(Self.provisioned)": [
        .init(
          200,
          body: """
            {"ProvisionedConcurrencyConfigs":[{"FunctionArn":"arn:aws:lambda:us-east-1:1:function:f:live",
            "RequestedProvisionedConcurrentExecutions":5,"AllocatedProvisionedConcurrentExecutions":5,
            "AvailableProvisionedConcurrentExecutions":5,"Status":"READY"}],
            "RequestedProvisionedConcurrentExecutions":5,"AllocatedProvisionedConcurrentExecutions":5,
            "AvailableProvisionedConcurrentExecutions":5,"Status":"READY"}
            """)
      ],
      "GET /2015-03-31/functions/f/aliases": [
        .init(200, body: #"{"Aliases":[{"Name":"live","FunctionVersion":"7"}]}"#)
      ],
      "GET /2015-03-31/functions/f/aliases/live": [
        .init(200, body: #"{"Name":"live","FunctionVersion":"7"}"#)
      ],
      "GET /2015-03-31/functions/f/configuration": [
        .init(
          200,
          body: #"{"FunctionName":"f","FunctionArn":"a","Version":"7","MemorySize":1024}"#)
      ],
      "DescribeScalableTargets": [
        .init(200, body: #"{"ScalableTargets":[\#(target ?? "")]}"#)
      ],
      "DescribeScalingPolicies": [.init(200, body: #"{"ScalingPolicies":[]}"#)],
      "DescribeScheduledActions": [
        .init(
          200,
          body: """
            {"ScheduledActions":[{"ScheduledActionName":"n","Schedule":"cron(0 20 * * ? *)",
            "Timezone":"Europe/Berlin","ScalableTargetAction":{"MinCapacity":0,"MaxCapacity":1}}]}
            """)
      ],
      "GetMetricData": [
        .init(
          200,
          body: """
            {"MetricDataResults":[{"Id":"concurrency","Timestamps":[9e9],"Values":[12]},
            {"Id":"u0","Timestamps":[9e9],"Values":[0.8]},{"Id":"s0","Timestamps":[9e9],"Values":[3]}]}
            """)
      ],
      "PUT /2017-10-31/functions/f/concurrency": [.init(200, body: "{}")],
      "RegisterScalableTarget": [.init(200, body: "{}")],
      "PutScalingPolicy": [.init(200, body: "{}")],
      "PutScheduledAction": [.init(200, body: "{}")],
    ]
  }

  private func run(
    _ server: RoutedServer, _ arguments: String..., answer: String? = nil
  ) -> CommandRun {
    CommandRun(
      ["concurrency"] + arguments + ["--function-name", "f"], url: server.baseURL, answer: answer)
  }

  @Test func showIsATableWithCosts() throws {
    let server = try RoutedServer(routes(scaledTo: 10))
    let run = run(server, "show")
    #expect(run.status == 0)
    #expect(
      run.output == """
        Account    1000 concurrent executions, 980 unreserved, at most 900 can be reserved for f
        Reserved   20
        Last hour  at most 12 at once, 0 throttled

        QUALIFIER  VERSION  PROVISIONED  STATUS  UTILIZATION  SPILLOVER  AUTOSCALING      $/MONTH
        live       7        5/5          READY   80 %         3          1-10, no policy  $54.75

        live: cron(0 20 * * ? *) Europe/Berlin: 0-1
        Fixed monthly cost of provisioned concurrency: $54.75 (prices: us-east-1, 2026-07-01)

        """)
  }

  @Test func showAsJSONHasTheSameFacts() throws {
    let server = try RoutedServer(routes(scaledTo: 10))
    let json = try JSONValue(parsing: run(server, "show", "--output", "json").output)
    #expect(json["reservable"] == 900)
    #expect(json["qualifiers"]?[0]?["provisioned"]?["status"] == "READY")
    #expect(json["qualifiers"]?[0]?["scaling"]?["maximum"] == 10)
    #expect(json["qualifiers"]?[0]?["isInUse"] == true)
  }

  @Test func reservingZeroRequiresAConfirmation() throws {
    let write = "PUT /2017-10-31/functions/f/concurrency"
    let nobody = try RoutedServer(routes())
    let refused = run(nobody, "reserve", "0")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("--yes"))
    #expect(!nobody.calls.contains(write))
    let no = try RoutedServer(routes())
    #expect(run(no, "reserve", "0", answer: "n").status == 1)
    #expect(!no.calls.contains(write))
    let yes = try RoutedServer(routes())
    #expect(run(yes, "reserve", "0", "--yes").status == 0)
    #expect(yes.bodies(write) == [#"{"ReservedConcurrentExecutions":0}"#])
  }

  @Test func reservePrintsWhatStaysUnreserved() throws {
    let server = try RoutedServer(routes())
    let reserved = run(server, "reserve", "30")
    #expect(
      reserved.output == "Reserved 30 for f (before: 20); 970 of the account are unreserved\n")
    let again = run(server, "reserve", "20", "--output", "json")
    #expect(try JSONValue(parsing: again.output)["changed"] == false)
  }

  @Test func dryRunPrintsTheWritesAndClaimsNothing() throws {
    let server = try RoutedServer(routes())
    let run = run(
      server, "autoscale", "--qualifier", "live", "--min", "1", "--max", "4", "--schedule",
      "cron(0 20 * * ? *) 0-1", "--timezone", "Europe/Berlin", "--dry-run")
    #expect(run.status == 0)
    for title in ["RegisterScalableTarget", "PutScalingPolicy", "PutScheduledAction"] {
      #expect(run.output.contains("would send \(title) function:f:live"))
      #expect(!server.calls.contains(title))
    }
    #expect(!run.output.contains("is scaled"))
  }

  @Test(arguments: [
    (["reserve", "5"], ["PutFunctionConcurrency f"]), (["reserve", "20"], []),
    (["unreserve"], ["DeleteFunctionConcurrency f"]),
    (["provision", "7", "--qualifier", "live"], ["PutProvisionedConcurrencyConfig f:live"]),
    (["deprovision", "--qualifier", "live"], ["DeleteProvisionedConcurrencyConfig f:live"]),
    (
      ["autoscale", "--qualifier", "live", "--min", "1", "--max", "4"],
      ["RegisterScalableTarget function:f:live", "PutScalingPolicy function:f:live"]
    ), (["autoscale", "off", "--qualifier", "live"], []),
  ])
  func dryRunAsJSONIsOneDocumentWithTheWrites(arguments: [String], operations: [String]) throws {
    let server = try RoutedServer(routes())
    let run = CommandRun(
      ["concurrency"] + arguments + ["--function-name", "f", "--dry-run", "--output", "json"],
      url: server.baseURL)
    #expect(try plannedOperations(run) == operations)
  }

  @Test func autoscaleWarnsOfTheIdleAliasAndPrintsItsCost() throws {
    let server = try RoutedServer(routes())
    let run = run(server, "autoscale", "--qualifier", "live", "--min", "1", "--max", "4")
    #expect(run.errors.contains("Note: Without invocations live has no utilization metric"))
    #expect(run.output.contains("target utilization 70 % (policy inferencectl-target-tracking)"))
    #expect(run.output.contains("fixed monthly cost $10.95 to $43.80\n"))
  }

  @Test func latestIsRefusedWithStatus1() throws {
    let server = try RoutedServer(routes())
    let run = run(server, "provision", "5", "--qualifier", "$LATEST")
    #expect(run.status == 1)
    #expect(run.errors.contains("$LATEST cannot have provisioned concurrency"))
  }

  @Test func scaledAliasIsNotDeprovisioned() throws {
    let server = try RoutedServer(routes(scaledTo: 10))
    let run = run(server, "deprovision", "--qualifier", "live")
    #expect(run.status == 1)
    #expect(run.errors.contains("concurrency autoscale off --qualifier live"))
  }

  @Test(arguments: [
    ["reserve"], ["reserve", "-1"], ["reserve", "many"], ["provision", "0", "--qualifier", "live"],
    ["provision", "5"], ["deprovision"], ["autoscale", "--qualifier", "live", "--min", "1"],
    ["autoscale", "--qualifier", "live", "--min", "5", "--max", "4"],
    ["autoscale", "--qualifier", "live", "--min", "1", "--max", "4", "--target", "1"],
    ["autoscale", "--qualifier", "live", "--min", "1", "--max", "4", "--timezone", "UTC"],
    ["autoscale", "--qualifier", "live", "--min", "1", "--max", "4", "--schedule", "noon"],
    [
      "autoscale", "--qualifier", "live", "--min", "1", "--max", "4", "--schedule",
      "rate(1 day) often",
    ],
    [
      "autoscale", "--qualifier", "live", "--min", "1", "--max", "4", "--schedule", "rate(1 day)",
      "--remove-schedules",
    ],
    ["autoscale", "off"],
  ])
  func wrongUsageIsStatus2(arguments: [String]) {
    let run = CommandRun(["concurrency"] + arguments + ["--function-name", "f"])
    #expect(run.status == 2)
    #expect(run.errors.hasPrefix("Error: "))
  }
}
