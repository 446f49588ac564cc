import JSON
import TestSupport
import Testing

@Suite struct EndpointCommandTests {
  private let routes: [String: [ScriptedServer.Answer]] = [
    "DescribeEndpoint": [
      .init(
        200,
        body: """
          {"EndpointName":"dogs","EndpointArn":"a","EndpointConfigName":"c","EndpointStatus":"InService",
          "ProductionVariants":[{"VariantName":"All","CurrentInstanceCount":2,"DesiredInstanceCount":3,
          "CurrentWeight":1.0,"DesiredWeight":1.0}]}
          """)
    ],
    "DescribeEndpointConfig": [
      .init(
        200,
        body: """
          {"EndpointConfigName":"c","ProductionVariants":[
          {"VariantName":"All","ModelName":"m","InstanceType":"ml.m5.large","InitialInstanceCount":1}]}
          """)
    ],
    "DescribeScalableTargets": [
      .init(
        200,
        body: """
          {"ScalableTargets":[{"ResourceId":"endpoint/dogs/variant/All","MinCapacity":1,"MaxCapacity":4}]}
          """)
    ],
    "DescribeScalingPolicies": [
      .init(
        200,
        body: """
          {"ScalingPolicies":[{"PolicyName":"p","PolicyType":"TargetTrackingScaling",
          "TargetTrackingScalingPolicyConfiguration":{"TargetValue":600.0,"ScaleInCooldown":300,
          "ScaleOutCooldown":60,"PredefinedMetricSpecification":
          {"PredefinedMetricType":"SageMakerVariantInvocationsPerInstance"}}}]}
          """)
    ],
    "DescribeScheduledActions": [.init(200, body: #"{"ScheduledActions":[]}"#)],
    "DescribeScalingActivities": [
      .init(
        200,
        body: """
          {"ScalingActivities":[{"Description":"Setting desired instance count to 3.","Cause":"alarm high",
          "StartTime":1700000000.5,"StatusCode":"InProgress","StatusMessage":"waiting"}]}
          """)
    ],
    "PutScalingPolicy": [.init(200, body: "{}")],
    "RegisterScalableTarget": [.init(200, body: "{}")],
    "UpdateEndpointWeightsAndCapacities": [.init(200, body: "{}")],
  ]

  private func run(_ server: RoutedServer, _ arguments: String...) -> CommandRun {
    CommandRun(["endpoint"] + arguments + ["--endpoint-name", "dogs"], url: server.baseURL)
  }

  @Test func showIsATableWithActivities() throws {
    let server = try RoutedServer(routes)
    let run = run(server, "show")
    #expect(
      run.output == """
        dogs is InService

        VARIANT  TYPE         NOW  DESIRED  WEIGHT  BOUNDS  TARGET   COOLDOWN IN  OUT
        All      ml.m5.large  2    3        1       1-4     600/min  300 s        60 s

        WHEN                  VARIANT  STATUS      WHAT                                  WHY
        2023-11-14T22:13:20Z  All      InProgress  Setting desired instance count to 3.  alarm high; waiting

        """)
    #expect(run.errors.contains("UpdateEndpoint fails"))
  }

  @Test func showAsJSONHasTheSameFacts() throws {
    let server = try RoutedServer(routes)
    let json = try JSONValue(parsing: run(server, "show", "--output", "json").output)
    let variant = json["variants"]?[0]
    #expect(variant?["desiredInstanceCount"] == 3)
    #expect(variant?["scaling"]?["policies"]?[0]?["scaleOutCooldownSeconds"] == 60)
    #expect(variant?["activities"]?[0]?["startTime"] == "2023-11-14T22:13:20Z")
  }

  @Test func autoscaleShowsHowTheTargetCameAbout() throws {
    let server = try RoutedServer(routes)
    let run = run(server, "autoscale", "--min", "1", "--max", "4", "--max-rps", "10")
    #expect(run.status == 0)
    #expect(
      run.output.contains("10 requests/s x 0.5 x 60 s = 300 invocations a minute per instance"))
    #expect(server.calls.contains("PutScalingPolicy"))
    #expect(!server.calls.contains("RegisterScalableTarget"))
  }

  @Test func capacityAndWeightsPrintTheResult() throws {
    let server = try RoutedServer(routes)
    #expect(
      run(server, "capacity", "3", "--no-wait").output == "dogs/All has 3 instances already\n")
    #expect(run(server, "capacity", "2", "--no-wait").output == "dogs/All gets 2 instances\n")
    #expect(run(server, "weights", "All=2", "--no-wait").output == "dogs: All 100 %\n")
    #expect(run(server, "capacity", "9").status == 1)
    #expect(run(server, "capacity", "0").status == 1)
  }

  @Test(arguments: [
    (["capacity", "2"], ["UpdateEndpointWeightsAndCapacities dogs"]), (["capacity", "3"], []),
    (["weights", "All=2"], ["UpdateEndpointWeightsAndCapacities dogs"]),
    (
      ["autoscale", "--min", "2", "--max", "4", "--max-rps", "3"],
      [
        "RegisterScalableTarget endpoint/dogs/variant/All",
        "PutScalingPolicy endpoint/dogs/variant/All",
      ]
    ),
    (
      ["autoscale", "off"],
      ["DeregisterScalableTarget endpoint/dogs/variant/All"]
    ),
  ])
  func dryRunAsJSONIsOneDocumentWithTheWrites(arguments: [String], operations: [String]) throws {
    let server = try RoutedServer(routes)
    let run = CommandRun(
      ["endpoint"] + arguments + ["--endpoint-name", "dogs", "--dry-run", "--output", "json"],
      url: server.baseURL)
    #expect(try plannedOperations(run) == operations)
  }

  @Test func textOfAWSCannotForgeALine() throws {
    var routes = routes
    routes["DescribeEndpoint"] = [
      .init(
        200,
        body: """
          {"EndpointName":"dogs","EndpointArn":"a","EndpointConfigName":"c","EndpointStatus":"Failed",
          "FailureReason":"no\\ndogs is InService\\u001b[2J","ProductionVariants":[]}
          """)
    ]
    let run = run(try RoutedServer(routes), "show")
    #expect(run.output.hasPrefix(#"dogs is Failed: no\ndogs is InService\x1b[2J"# + "\n"))
  }

  @Test(arguments: [
    ["show", "--activities", "0"], ["capacity"], ["weights"], ["weights", "A"],
    ["weights", "A=-1"], ["weights", "A=1", "A=2"], ["weights", "=1"],
    ["autoscale", "--min", "1", "--max", "4"],
    ["autoscale", "--min", "1", "--max", "4", "--max-rps", "3", "--invocations-per-instance", "5"],
    ["autoscale", "--min", "1", "--max", "4", "--invocations-per-instance", "5", "--safety", "1"],
    ["autoscale", "--min", "1", "--max", "4", "--max-rps", "3", "--safety", "2"],
    ["autoscale", "--min", "0", "--max", "4", "--max-rps", "3"],
    ["autoscale", "--min", "5", "--max", "4", "--max-rps", "3"],
    ["autoscale", "--min", "1", "--max", "4", "--max-rps", "3", "--scale-in-cooldown", "-1"],
  ])
  func wrongUsageIsStatus2(arguments: [String]) {
    let run = CommandRun(["endpoint"] + arguments + ["--endpoint-name", "dogs"])
    #expect(run.status == 2)
    #expect(run.errors.hasPrefix("Error: "))
  }
}
