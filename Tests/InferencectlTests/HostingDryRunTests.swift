import Foundation
import JSON
import OperationsSupport
import TestSupport
import Testing

/// Each dry run of these is one JSON document with what would be sent.
@Suite struct HostingDryRunTests {
  private static let endpoint = """
    {"EndpointName":"dogs","EndpointArn":"a","EndpointConfigName":"c","EndpointStatus":"InService",
    "ProductionVariants":[{"VariantName":"All","CurrentInstanceCount":2,"DesiredInstanceCount":2}]}
    """
  private static let routes: [String: [ScriptedServer.Answer]] = [
    "DescribeEndpoint": [.init(200, body: endpoint)],
    "DescribeEndpointConfig": [
      .init(
        200,
        body: """
          {"EndpointConfigName":"c","CreationTime":1600000000,"ProductionVariants":[
          {"VariantName":"All","ModelName":"m","InstanceType":"ml.m5.large","InitialInstanceCount":1}]}
          """)
    ],
    "DescribeModel": [
      .init(
        200,
        body: """
          {"ModelName":"m","CreationTime":1600000000,"ExecutionRoleArn":"r",
          "PrimaryContainer":{"Image":"i","ModelDataUrl":"s3://models/m.tar.gz"}}
          """)
    ],
    "DescribeScalableTargets": [.init(200, body: #"{"ScalableTargets":[]}"#)],
    "ListEndpoints": [.init(200, body: #"{"Endpoints":[]}"#)],
    "ListEndpointConfigs": [.init(200, body: #"{"EndpointConfigs":[]}"#)],
    "ListModels": [.init(200, body: #"{"Models":[]}"#)],
    "DescribeTrainingJob": [
      .init(200, body: #"{"TrainingJobName":"j","TrainingJobStatus":"InProgress"}"#)
    ],
  ]
  private static let scaled: [String: [ScriptedServer.Answer]] = [
    "DescribeScalableTargets": [
      .init(
        200,
        body: """
          {"ScalableTargets":[{"ResourceId":"endpoint/dogs/variant/All","MinCapacity":1,"MaxCapacity":4}]}
          """)
    ],
    "DescribeScalingPolicies": [.init(200, body: "{}")],
    "DescribeScheduledActions": [.init(200, body: "{}")],
  ]

  private func planned(
    _ arguments: [String], _ routes: [String: [ScriptedServer.Answer]] = [:]
  ) throws -> [String] {
    let server = try RoutedServer(Self.routes.merging(routes) { $1 })
    let run = CommandRun(
      arguments + ["--dry-run", "--output", "json"], url: server.baseURL, clock: makeClock().0)
    let reads = ["Describe", "List", "GET "]
    #expect(server.calls.allSatisfy { call in reads.contains { call.hasPrefix($0) } })
    return try plannedOperations(run).map { String($0.split(separator: " ")[0]) }
  }

  @Test func endpointCreateIsOneDocument() throws {
    let missing = [
      "DescribeEndpoint": [
        ScriptedServer.Answer(
          400, body: #"{"__type":"ValidationException","message":"Could not find endpoint"}"#)
      ]
    ]
    #expect(
      try planned(
        [
          "endpoint", "create", "--endpoint-name", "dogs", "--model-data", "s3://models/m.tar.gz",
          "--role", "arn:aws:iam::1:role/r", "--no-labels", "--no-archive-check",
        ], missing) == ["CreateModel", "CreateEndpointConfig", "CreateEndpoint"])
  }

  @Test func endpointUpdateIsOneDocument() throws {
    let update = ["endpoint", "update", "--endpoint-name", "dogs", "--instance-type"]
    #expect(
      try planned(update + ["ml.m5.xlarge"]) == ["CreateEndpointConfig", "UpdateEndpoint"])
    #expect(
      try planned(update + ["ml.m5.xlarge"], Self.scaled) == [
        "CreateEndpointConfig", "DeregisterScalableTarget", "UpdateEndpoint",
        "RegisterScalableTarget",
      ])
    #expect(try planned(update + ["ml.m5.large"]) == [])
  }

  @Test func endpointDeleteIsOneDocument() throws {
    #expect(
      try planned(["endpoint", "delete", "--endpoint-name", "dogs"]) == [
        "DeleteEndpoint", "DeleteEndpointConfig", "DeleteModel",
      ])
    #expect(try planned(["endpoint", "prune", "--endpoint-name", "dogs"]) == [])
  }

  @Test func trainStopAndEC2AreOneDocument() throws {
    #expect(try planned(["train", "stop", "j"]) == ["StopTrainingJob"])
    #expect(
      try planned([
        "train", "ec2", "--data", "/photos", "--output-uri", "/out", "--code-uri", "/code",
      ]) == [])
  }

  @Test(arguments: [
    (["suspend"], ["RegisterScalableTarget"]), (["resume"], []),
    (["--max", "8"], ["RegisterScalableTarget"]),
    (["--schedule", "cron(0 7 ? * MON-FRI *) 2-8"], ["PutScheduledAction"]),
  ])
  func endpointAutoscaleChangesOnlyWhatIsGiven(
    arguments: [String], operations: [String]
  ) throws {
    #expect(
      try planned(
        ["endpoint", "autoscale"] + arguments + ["--endpoint-name", "dogs"], Self.scaled)
        == operations)
  }

  @Test(arguments: [
    [], ["--schedule", "cron(0 7 ? * MON-FRI *)"],
    ["--max", "8", "--schedule", "x"],
  ])
  func autoscaleWithoutAChangeIsStatus2(arguments: [String]) {
    let run = CommandRun(
      ["endpoint", "autoscale", "--endpoint-name", "dogs"] + arguments, url: "http://127.0.0.1:9")
    #expect(run.status == 2)
  }
}
