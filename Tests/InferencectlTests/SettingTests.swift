import ArgumentParser
import JSON
import OperationsSupport
import Platform
import TestSupport
import Testing

@testable import inferencectl

/// What the AWS CLI's users expect of every command: formats, errors, progress, debugging.
@Suite struct SettingTests {
  private static let identity = ScriptedServer.Answer(
    200, [("x-amzn-RequestId", "id-1")],
    body: "<R><Arn>arn:aws:iam::1:user/me</Arn><Account>1</Account></R>")

  private func identity(
    _ arguments: [String] = [], config: String = "", _ variables: [String: String] = [:]
  ) throws -> CommandRun {
    let server = try ScriptedServer([Self.identity])
    defer { server.stop() }
    let file = try TemporaryFile(config)
    return CommandRun(
      ["identity"] + arguments, url: server.baseURL,
      environment: ["AWS_CONFIG_FILE": file.path].merging(variables) { $1 })
  }

  // MARK: Formats

  @Test func optionThenVariableThenProfileDecideTheFormat() throws {
    let profile = "[default]\noutput = json\n"
    #expect(try identity().output.hasPrefix("WHAT"))
    #expect(try identity(config: profile).output.hasPrefix("{"))
    let table = ["AWS_DEFAULT_OUTPUT": "table"]
    #expect(try identity(config: profile, table).output.hasPrefix("WHAT"))
    #expect(try identity(["--output", "json"], table).output.hasPrefix("{"))
    let dev = """
      [profile dev]
      output = json
      aws_access_key_id = AKIDDEV
      aws_secret_access_key = s

      """
    #expect(try identity(config: dev, ["AWS_PROFILE": "dev"]).output.hasPrefix("{"))
    #expect(try identity(["--profile", "dev"], config: dev).output.hasPrefix("{"))
  }

  @Test(arguments: ["text", "yaml", "yaml-stream", "off"])
  func formatsOfTheCommandLineInterfaceThatAreMissingHereAreTables(format: String) throws {
    #expect(try identity([], ["AWS_DEFAULT_OUTPUT": format]).output.hasPrefix("WHAT"))
  }

  @Test func formatThatDoesNotExistIsStatus2() throws {
    let run = try identity([], ["AWS_DEFAULT_OUTPUT": "jsn"])
    #expect(run.status == 2)
    #expect(run.errors.contains("AWS_DEFAULT_OUTPUT is jsn; it must be json or table"))
  }

  // MARK: Errors

  private func error(_ run: CommandRun) throws -> JSONValue {
    #expect(run.output.isEmpty)
    let line = try #require(run.errors.split(separator: "\n").last)
    return try JSONValue(parsing: String(line))
  }

  @Test func errorOfAWSIsJSONWhenTheOutputIs() throws {
    let server = try ScriptedServer([
      .init(
        404, [("x-amzn-ErrorType", "ResourceNotFoundException"), ("x-amzn-RequestId", "id-1")],
        body: #"{"Message":"no f\u001b[2J"}"#)
    ])
    let run = CommandRun(
      ["versions", "list", "--function-name", "f", "--output", "json"], url: server.baseURL)
    #expect(run.status == 1)
    #expect(!run.errors.contains("\u{1B}"))
    let json = try error(run)
    #expect(json["exitStatus"] == 1)
    #expect(json["error"]?["type"] == "Lambda.ResourceNotFoundException")
    #expect(json["error"]?["code"] == "ResourceNotFoundException")
    #expect(json["error"]?["operation"] == "ListVersionsByFunction f")
    #expect(json["error"]?["requestId"] == "id-1")
    #expect(json["error"]?["httpStatus"] == 404)
  }

  @Test func refusalAndWrongUsageAreJSONWhenTheOutputIs() throws {
    let refused = try error(
      CommandRun(
        [
          "concurrency", "provision", "1", "--qualifier", "$LATEST", "--function-name", "f",
          "--output", "json",
        ], url: "http://127.0.0.1:9"))
    #expect(refused["error"]?["type"] == "Operations.Refused")
    #expect(refused["error"]?["advice"]?.stringValue?.contains("Publish a version") == true)
    let settings = CommandRun(["versions", "list", "--function-name", "f", "--output", "json"])
    #expect(settings.status == 2)
    #expect(try error(settings)["exitStatus"] == 2)
    let unparsed = CommandRun(["versions", "list", "--output", "json", "--bogus"])
    #expect(unparsed.status == 2)
    #expect(try error(unparsed)["error"]?["type"] == "Operations.Usage")
  }

  // MARK: Debugging and progress

  @Test func debugPrintsRequestAndIDAndNoSecret() throws {
    let run = try identity(["--debug"])
    #expect(run.errors.contains("Debug: region us-east-1 from AWS_REGION"))
    #expect(run.errors.contains("Debug: GetCallerIdentity: POST http://127.0.0.1:"))
    #expect(run.errors.contains("request id id-1"))
    #expect(!run.errors.contains("example"))
    #expect(try !identity().errors.contains("Debug"))
  }

  @Test func waitsAndRetriesAreVisibleInALog() throws {
    let describe = { (status: String) in
      ScriptedServer.Answer(
        200,
        body: """
          {"EndpointName":"dogs","EndpointArn":"a","EndpointStatus":"\(status)","ProductionVariants":
          [{"VariantName":"All","CurrentInstanceCount":1,"DesiredInstanceCount":2}]}
          """)
    }
    let server = try ScriptedServer(
      [describe("InService"), .init(503), describe("Updating")]
        + Array(repeating: describe("Updating"), count: 20) + [describe("InService")])
    let run = CommandRun(
      ["endpoint", "capacity", "2", "--endpoint-name", "dogs"], url: server.baseURL,
      clock: makeClock().0)
    #expect(run.status == 0)
    let lines = run.errors.split(separator: "\n")
    #expect(lines.contains { $0.contains("retry in") })
    // A state that lasts is repeated each minute, not at each of 21 looks.
    let waits = lines.filter { $0.contains("Updating, All 1/2") }
    #expect((2...3).contains(waits.count))
    #expect(!run.errors.contains("\r"))
  }

  @Test func endpointsOfAllServicesAreShownAsJSON() throws {
    let config = "[default]\nservices = s\n[services s]\nsagemaker =\n  endpoint_url = http://s\n"
    let server = try ScriptedServer([Self.identity])
    let file = try TemporaryFile(config)
    let run = CommandRun(
      ["identity", "--output", "json"],
      environment: [
        "AWS_CONFIG_FILE": file.path, "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL_STS": server.baseURL,
        "AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING": "http://a",
      ])
    let endpoints = try JSONValue(parsing: run.output)["endpoints"]
    #expect(endpoints?["sagemaker"] == "http://s")
    #expect(endpoints?["application-autoscaling"] == "http://a")
    #expect(endpoints?["lambda"] == "https://lambda.us-east-1.amazonaws.com")
  }

  // MARK: Shares

  @Test(arguments: [
    ("0.7", 0.7), ("70%", 0.7), ("70 %", 0.7), ("7%", 0.07), ("1", 1), ("100%", 1), ("0", 0),
    ("70", nil), ("-1%", nil), ("101%", nil), ("nan", nil), ("%", nil), ("", nil),
  ])
  func shareIsAFractionOrAPercentage(text: String, share: Double?) {
    #expect(ShareArgument(argument: text)?.value == share)
  }

  @Test(arguments: [
    ("10", 10), ("10%", 10), ("0.1", 10), ("0.07", 7), ("1%", 1), ("1", 1), ("0.105", nil),
    ("101", nil), ("x", nil),
  ])
  func percentageIsWhole(text: String, percent: Int?) {
    #expect(PercentArgument(argument: text)?.value == percent)
  }

  @Test(arguments: [
    ("5", 5), ("0.5", 0.5), ("5/s", 5), ("30/m", 0.5), ("3600/h", 1), ("0", nil), ("-1", nil),
    ("5/d", nil), ("/s", nil), ("inf", nil),
  ])
  func rateHasAUnit(text: String, perSecond: Double?) {
    #expect(RateArgument(argument: text)?.perSecond == perSecond)
  }
}
