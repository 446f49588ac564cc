import CapacityPlanner
import Foundation
import JSON
import Platform
import Prices
import TestSupport
import Testing

@testable import inferencectl

@Suite struct PlanCommandTests {
  /// A minute of one request a second, then a quiet one.
  private let trace: TemporaryFile

  init() throws {
    trace = try TemporaryFile(
      "time\n" + (0..<60).map { "2026-11-22T10:00:\($0 < 10 ? "0" : "")\($0)Z\n" }.joined()
        + "2026-11-22T10:02:00Z\n")
  }

  @Test func aPlanIsASentenceATableAndTheCommandsThatSetIt() {
    let run = CommandRun(["plan", trace.path, "--function-name", "photos"])
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("Use no concurrency setting: $"))
    #expect(run.output.contains("\n   FUNCTION "))
    #expect(run.output.contains("\n*  none "))
    #expect(run.output.contains("  inferencectl concurrency unreserve --function-name photos\n"))
    #expect(run.output.contains("ReservedConcurrency=\"\" ProvisionedConcurrency=0"))
    #expect(run.errors.contains("taken for 61 arrival times, an ISO date each, behind a header."))
  }

  @Test func jsonHasTheSameFacts() throws {
    let run = CommandRun(["plan", trace.path, "--json"])
    let json = try JSONValue(parsing: run.output)
    #expect(json["meetsServiceLevel"] == .bool(true))
    #expect(json["recommended"]?["kind"] == "nothing")
    #expect(json["traffic"]?["startUnixSeconds"]?.doubleValue == 1_795_341_600)
    #expect((json["alternatives"]?.arrayValue?.count ?? 0) > 5)
    #expect(json["commands"]?[0] == "inferencectl concurrency unreserve --function-name FUNCTION")
    #expect(json["templateParameters"]?["ReservedConcurrency"] == "")
    #expect(CommandRun(["plan", trace.path, "--output", "json"]).output == run.output)
  }

  @Test func aPromiseThatNothingKeepsIsStatus1AndTheNearestIsShown() {
    let run = CommandRun(["plan", trace.path, "--slo", "p99=1ms"])
    #expect(run.status == 1)
    #expect(run.output.hasPrefix("Nothing that was tried keeps p99 ≤ 1 ms; nearest is "))
    #expect(run.output.contains("* the nearest one"))
  }

  @Test func badRowsFailWithTheirLinesUnlessTheyAreSkipped() throws {
    let bad = try TemporaryFile("1\n2\nthree\n4\n")
    let run = CommandRun(["plan", bad.path])
    #expect(run.status == 1)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("\(bad.path): 1 bad row\n  line 3: \"three\" is not"))
    let skipped = CommandRun(["plan", bad.path, "--skip-bad-rows"])
    #expect(skipped.status == 0)
    #expect(skipped.errors.contains("1 bad rows are left out"))
  }

  @Test func anEmptyOrMissingTraceIsToldWithItsName() throws {
    let empty = try TemporaryFile("time\n")
    #expect(CommandRun(["plan", empty.path]).errors.contains("\(empty.path): it has no arrivals"))
    let run = CommandRun(["plan", "/nowhere/trace.csv"])
    #expect(run.status == 1)
    #expect(run.errors.contains("/nowhere/trace.csv"))
    #expect(run.errors.contains("/nowhere/trace.csv: No such file or directory\n"))
  }

  @Test func aReportIsOnePage() throws {
    let page = try TemporaryFile("")
    let run = CommandRun(["plan", trace.path, "--report", page.path])
    #expect(run.status == 0)
    let html = try String(contentsOfFile: page.path, encoding: .utf8)
    #expect(html.hasPrefix("<!DOCTYPE html>"))
    #expect(html.contains("<h3>Arrivals</h3>"))
    #expect(run.errors.contains("Wrote \(page.path)"))
  }

  @Test func aSyntheticDayWithAnEndpointIsPlannedFromFilesOfDurations() throws {
    let durations = try TemporaryFile("duration\n30\n50\n40 ms\n")
    let run = CommandRun([
      "plan", "--rate", "0.02", "--peak", "0.1", "--duration", durations.path, "--service-time",
      "60ms", "--instance-type", "ml.c5.xlarge", "--workers", "2", "--launch", "4m", "--arch",
      "arm64", "--endpoint-name", "dogs", "--seed", "7",
    ])
    #expect(run.status == 0)
    #expect(run.output.contains("× ml.c5.xlarge"))
    #expect(run.output.contains("inferencectl endpoint capacity 1 --endpoint-name dogs"))
    #expect(run.output.contains("HostingInstanceType=ml.c5.xlarge"))
  }

  @Test(arguments: [
    ["plan"], ["plan", "--rate", "1", "--from-cloudwatch", "f"], ["plan", "--peak", "2"],
    ["plan", "--rate", "1", "--slo", "500ms"], ["plan", "--rate", "1", "--init", "10"],
    ["plan", "--rate", "1", "--duration", "soon"], ["plan", "--rate", "2", "--peak", "1"],
    ["plan", "--rate", "1", "--instance-type", "ml.m5.large"],
    ["plan", "--rate", "1", "--memory", "1"],
    ["plan", "--rate", "1", "--batch-size", "5"], ["plan", "--rate", "1", "--days", "456"],
    ["plan", "--rate", "1", "--availability", "2"],
    ["plan", "--rate", "1e308"], ["plan", "--rate", "1", "--scale", "1e300"],
    ["plan", "--rate", "1", "--account-limit", "\(Int.max)"],
    ["plan", "--rate", "1", "--what-if", "color=red"],
    ["plan", "--rate", "1", "--what-if", "reserved=many"],
    ["plan", "--rate", "1", "--present", "instances=2"],
    ["plan", "--rate", "1", "--source", "sqs", "--batch-size", "20"],
    ["plan", "--rate", "1", "--serverless", "2000=1s"],
    ["plan", "--rate", "1", "--timezone", "Mars"],
    ["plan", "--rate", "1", "--client-attempts", "3"],
    ["plan", "--rate", "1", "--durations", "128"],
    ["plan", "--from-cloudwatch", "f", "--service-time", "1s"],
    ["plan", "--rate", "1", "--scale", "0"],
  ])
  func wrongUsageIsStatus2(arguments: [String]) {
    let run = CommandRun(arguments)
    #expect(run.status == 2, "\(run.errors)")
    #expect(run.output.isEmpty)
  }

  @Test func anInstanceTypeWithoutAPriceIsRefusedWithThoseThatHaveOne() {
    let run = CommandRun(
      ["plan", "--rate", "1", "--service-time", "1ms", "--instance-type", "ml.x9.huge"])
    #expect(run.status == 1)
    #expect(run.errors.contains("no hosting price of ml.x9.huge"))
    #expect(run.errors.contains("ml.c5.large"))
  }

  private static let minute = 1_699_999_980
  private static let metrics = ScriptedServer.Answer(
    200,
    body: """
      {"MetricDataResults":[
      {"Id":"invocations","Timestamps":[\(minute - 120),\(minute - 60)],"Values":[40.0,20.0],"StatusCode":"Complete"},
      {"Id":"duration","Timestamps":[\(minute - 120),\(minute - 60)],"Values":[80.0,110.0],"StatusCode":"Complete"},
      {"Id":"concurrency","Timestamps":[\(minute - 120)],"Values":[3.0],"StatusCode":"Complete"},
      {"Id":"throttles","Timestamps":[\(minute - 120)],"Values":[0.0],"StatusCode":"Complete"}]}
      """)
  private static let clock = Clock(
    unixMilliseconds: { 1_700_000_000_000 }, monotonicMilliseconds: { 0 }, sleep: { _ in })

  @Test func cloudWatchIsReadAndItsFunctionIsNamedInTheCommands() throws {
    // Nothing but metrics may be read.
    let server = try RoutedServer([
      "GetMetricData": [Self.metrics],
      "GetMetricStatistics": [.init(200, body: #"{"Datapoints":[]}"#)],
    ])
    let run = CommandRun(
      ["plan", "--from-cloudwatch", "photos", "--days", "1"], url: server.baseURL,
      clock: Self.clock)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("CloudWatch counted 60 invocations of photos in 2 bins of 1 min"))
    #expect(run.errors.contains("nothing of photos's configuration could be read"))
    #expect(run.output.contains("--function-name photos"))
  }

  /// AWS with a function that calls the endpoint `dogs`.
  private static func account(endpoint: String, configuration: String) throws -> RoutedServer {
    func ok(_ body: String) -> [ScriptedServer.Answer] { [.init(200, body: body)] }
    return try RoutedServer([
      "GetMetricData": [metrics], "GetMetricStatistics": ok(#"{"Datapoints":[]}"#),
      "GET /2015-03-31/functions/photos/configuration": ok(
        #"""
        {"FunctionName":"photos","FunctionArn":"arn:aws:lambda:us-east-1:1:function:photos:live","Version":"3",
        "MemorySize":512,"Timeout":20,"Architectures":["arm64"],
        "Environment":{"Variables":{"ENDPOINT_NAME":"dogs"}}}
        """#),
      "GET /2019-09-30/functions/photos/concurrency": ok("{}"),
      "GET /2019-09-30/functions/photos/provisioned-concurrency": ok(
        #"{"ProvisionedConcurrencyConfigs":[]}"#),
      "DescribeEndpoint": ok(endpoint), "DescribeEndpointConfig": ok(configuration),
      "DescribeScalableTargets": ok(
        #"""
        {"ScalableTargets":[{"ResourceId":"endpoint/dogs/variant/all","MinCapacity":0,"MaxCapacity":4}]}
        """#),
      "DescribeScalingPolicies": ok(
        #"""
        {"ScalingPolicies":[{"PolicyName":"p","PolicyType":"TargetTrackingScaling",
        "ResourceId":"endpoint/dogs/variant/all","TargetTrackingScalingPolicyConfiguration":{"TargetValue":3,
        "CustomizedMetricSpecification":{"MetricName":"ApproximateBacklogSizePerInstance",
        "Namespace":"AWS/SageMaker","Statistic":"Average"}}}]}
        """#),
      "DescribeScheduledActions": ok("{}"),
    ])
  }

  private static let serverlessEndpoint = #"""
    {"EndpointName":"dogs","EndpointArn":"a","EndpointStatus":"InService","EndpointConfigName":"dogs-1",
    "ProductionVariants":[{"VariantName":"all",
    "CurrentServerlessConfig":{"MemorySizeInMB":2048,"MaxConcurrency":7}}]}
    """#
  private static let serverlessConfiguration = #"""
    {"EndpointConfigName":"dogs-1","EndpointConfigArn":"a","ProductionVariants":[{"VariantName":"all",
    "ModelName":"m","ServerlessConfig":{"MemorySizeInMB":2048,"MaxConcurrency":5}}]}
    """#

  @Test func serverlessEndpointInPlaceIsSimulatedAsOne() throws {
    let server = try Self.account(
      endpoint: Self.serverlessEndpoint, configuration: Self.serverlessConfiguration)
    let run = CommandRun(
      [
        "plan", "--from-cloudwatch", "photos", "--days", "1", "--duration", "20ms",
        "--service-time", "60ms", "--serverless", "2048=70ms", "--json",
      ], url: server.baseURL, clock: Self.clock)
    #expect(run.errors.contains("endpoint dogs, serverless with 2048 MB, at most 7 at once"))
    let endpoint = try JSONValue(parsing: run.output)["present"]?["endpoint"]?.stringValue
    #expect(endpoint == "serverless 2 GB ≤ 7", "\(endpoint ?? run.errors)")
  }

  @Test func endpointInPlaceThatNoOptionDescribesIsNotTakenForAnother() throws {
    let server = try Self.account(
      endpoint: Self.serverlessEndpoint, configuration: Self.serverlessConfiguration)
    let run = CommandRun(
      [
        "plan", "--from-cloudwatch", "photos", "--days", "1", "--duration", "20ms",
        "--service-time", "60ms", "--json",
      ], url: server.baseURL, clock: Self.clock)
    #expect(
      run.errors.contains(
        "the setting in place is not simulated, because its endpoint is serverless"),
      "\(run.errors)")
    #expect(run.errors.contains("add --serverless 2048=TIME."))
    #expect(try JSONValue(parsing: run.output)["present"] == nil)
  }

  @Test func asynchronousEndpointInPlaceIsSimulatedWithItsBacklogPolicy() throws {
    let server = try Self.account(
      endpoint: #"""
        {"EndpointName":"dogs","EndpointArn":"a","EndpointStatus":"InService","EndpointConfigName":"dogs-1",
        "ProductionVariants":[{"VariantName":"all","CurrentInstanceCount":0,"DesiredInstanceCount":0}]}
        """#,
      configuration: #"""
        {"EndpointConfigName":"dogs-1","EndpointConfigArn":"a","AsyncInferenceConfig":{"OutputConfig":
        {"S3OutputPath":"s3://b/out"}},"ProductionVariants":[{"VariantName":"all","ModelName":"m",
        "InstanceType":"ml.m5.large","InitialInstanceCount":1}]}
        """#)
    let run = CommandRun(
      [
        "plan", "--from-cloudwatch", "photos", "--days", "1", "--duration", "20ms",
        "--service-time", "60ms", "--asynchronous", "--slo", "p95=20m", "--json",
      ], url: server.baseURL, clock: Self.clock)
    #expect(
      run.errors.contains("endpoint dogs, asynchronous, 0 × ml.m5.large"), "\(run.errors)")
    let endpoint = try JSONValue(parsing: run.output)["present"]?["endpoint"]?.stringValue
    #expect(endpoint == "0–4 at 3/min, 0 ms", "\(endpoint ?? run.errors)")
  }

  @Test func theFunctionsOwnSettingsAreReadUsedAndGraded() throws {
    let server = try RoutedServer([
      "GetMetricData": [Self.metrics],
      "GetMetricStatistics": [.init(200, body: #"{"Datapoints":[]}"#)],
      "GET /2015-03-31/functions/photos/configuration": [
        .init(
          200,
          body: """
            {"FunctionName":"photos","FunctionArn":"arn:aws:lambda:us-east-1:1:function:photos:live","Version":"3",
            "MemorySize":512,"Timeout":20,"Architectures":["arm64"]}
            """)
      ],
      "GET /2016-08-19/account-settings": [
        .init(
          200,
          body: """
            {"AccountLimit":{"ConcurrentExecutions":400,"UnreservedConcurrentExecutions":380}}
            """)
      ],
      "GET /2019-09-30/functions/photos/concurrency": [
        .init(200, body: #"{"ReservedConcurrentExecutions":20}"#)
      ],
      "GET /2019-09-30/functions/photos/provisioned-concurrency": [
        .init(200, body: #"{"ProvisionedConcurrencyConfigs":[]}"#)
      ],
      "GET /2019-09-25/functions/photos/event-invoke-config/list": [
        .init(
          200,
          body: """
            {"FunctionEventInvokeConfigs":[{"FunctionArn":"arn:aws:lambda:us-east-1:1:function:photos:live",
            "MaximumRetryAttempts":1,"MaximumEventAgeInSeconds":3600}]}
            """)
      ],
    ])
    let run = CommandRun(
      [
        "plan", "--from-cloudwatch", "photos", "--days", "1", "--what-if", "provisioned=2",
        "--json",
      ],
      url: server.baseURL, clock: Self.clock)
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      run.errors.contains(
        "used from AWS for photos: 512 MB, arm64, timeout 20 s, account limit 400, 1 retries, events up to 1 h, in place: reserved concurrency 20"
      ), "\(run.errors)")
    let json = try JSONValue(parsing: run.output)
    #expect(json["present"]?["function"] == "reserved 20")
    #expect(json["recommended"]?["architecture"] == "arm64")
    #expect(json["whatIf"]?[0]?["alternative"]?["function"] == "provisioned 2")
    let grade = try #require(json["grade"]?.arrayValue)
    #expect(grade.first?["name"] == "Invocations")
    #expect(grade.first?["simulated"]?.doubleValue == 60)
    #expect(grade.first?["measured"]?.doubleValue == 60)
    // 40 of 80 ms and 20 of 110 ms, plus 10 ms of init in the cold ones.
    let duration = try #require(grade.first { $0["name"] == "Mean duration" })
    #expect(duration["measured"]?.doubleValue == 90)
    #expect(abs((duration["error"]?.doubleValue ?? 1)) < 0.2)
  }

  @Test func thePresentSettingAndOthersAreComparedAsDifferences() {
    let run = CommandRun([
      "plan", "--rate", "2", "--peak", "6", "--source", "http", "--service-time", "100ms",
      "--present",
      "reserved=30,instances=3", "--what-if", "instances=2,provisioned=1-4@0.7", "--timezone",
      "Europe/Berlin",
    ])
    #expect(run.output.contains("in place "))
    #expect(run.output.contains("what if instances=2,provisioned=1-4@0.7 "))
    #expect(run.output.contains("SLO met: "))
    #expect(run.output.contains("Worst hour: day 1 "))
    #expect(!run.errors.contains("schedules are not tried"))
  }

  @Test func queuesServerlessEndpointsAndMemoryAreOptions() throws {
    let run = CommandRun([
      "plan", "--rate", "0.05", "--peak", "0.1", "--source", "sqs", "--batch-size", "5", "--slo",
      "p95=20s", "--duration", "100ms", "--durations", "128=400ms,arm64:512=90ms", "--service-time",
      "ml.m5.large=300ms", "--serverless", "2048=700ms", "--json",
    ])
    #expect(run.status == 0, "\(run.errors)")
    let json = try JSONValue(parsing: run.output)
    #expect(json["recommended"]?["endpoint"]?.stringValue?.hasPrefix("serverless 2 GB") == true)
    #expect(json["recommended"]?["memoryMegabytes"]?.doubleValue == 128)
  }

  @Test func aTraceMayComeFromAPipe() throws {
    let path = NSTemporaryDirectory() + "trace-\(UUID().uuidString).fifo"
    #expect(mkfifo(path, 0o600) == 0)
    defer { unlink(path) }
    let rows = try Data(contentsOf: URL(fileURLWithPath: trace.path))
    let writer = Thread {
      let handle = FileHandle(forWritingAtPath: path)
      try? handle?.write(contentsOf: rows)
      try? handle?.close()
    }
    writer.start()
    let run = CommandRun(["plan", path])
    #expect(run.errors.contains("taken for 61 arrival times"), "\(run.errors)")
  }

  @Test func aLineBreakInAFilesNameIsAnEscapeInEveryMessage() throws {
    let path = NSTemporaryDirectory() + "a\nNote: b-\(UUID().uuidString).csv"
    try Data("1\n2\n".utf8).write(to: URL(fileURLWithPath: path))
    defer { unlink(path) }
    let run = CommandRun(["plan", path])
    #expect(run.errors.contains("a\\nNote: b-"), "\(run.errors)")
    #expect(!run.errors.contains("a\nNote: b-"))
    let missing = CommandRun(["plan", "/nowhere/a\nb"])
    #expect(missing.errors.contains("/nowhere/a\\nb: No such file"), "\(missing.errors)")
  }

  @Test func aCellWithALineBreakIsAnEscape() throws {
    let file = try TemporaryFile("time,\"requests\nof all\"\n0,3\n60,4\n")
    let run = CommandRun(["plan", file.path])
    #expect(run.errors.contains("the counts in requests\\nof all"), "\(run.errors)")
  }

  @Test func aSettingNamesEachOfItsNumbersOnce() {
    let run = CommandRun(["plan", trace.path, "--what-if", "reserved=1,reserved=2"])
    #expect(run.status == 2)
    #expect(run.errors.contains("'reserved=1,reserved=2' is invalid"))
  }

  @Test func anInitializationThatNeverFitsTheTimeoutIsAWarning() {
    let run = CommandRun(["plan", trace.path, "--init", "40s", "--timeout", "30s"])
    #expect(run.errors.contains("every cold start on demand fails"))
  }

  @Test func aPercentileOfAFewRequestsIsAWarning() throws {
    let few = CommandRun(["plan", trace.path])
    #expect(
      few.errors.contains("Only 0.6 of 61 requests lie beyond p99: its value is mostly chance"))
    let enough = CommandRun(["plan", trace.path, "--slo", "p80=500ms"])
    #expect(!enough.errors.contains("lie beyond"))
  }

  @Test func whatHangsOnAssumptionsIsSaidOfASettingThatScales() throws {
    let traffic = try Traffic(
      ratesPerSecond: [1, 8, 1, 8, 1], binWidth: .seconds(900), startUnixSeconds: 0)
    var planner = Planner(
      function: FunctionModel(duration: .constant(.seconds(1)), initDuration: .seconds(3)),
      serviceLevel: ServiceLevel(latency: .seconds(5)), prices: try PriceList.usEast1(),
      kinds: [.autoscaled])
    planner.replicates = false
    var run = PlanRun(
      planner: planner, traffic: traffic, name: "t", plan: try planner.plan(for: traffic))
    try run.addSensitivity()
    #expect(run.sensitivity.count == 4)
    #expect(run.sensitivity[0].hasPrefix("With metrics without delay: $"))
  }

  @Test func anUnclearFileIsAQuestion() throws {
    let unclear = try TemporaryFile("0,374\n4,396\n5,12\n11,7\n")
    let run = CommandRun(["plan", unclear.path])
    #expect(run.status == 1)
    #expect(run.errors.contains("--count-column"))
    #expect(run.errors.contains("line 3: time 5, column 2 12"))
  }
}
