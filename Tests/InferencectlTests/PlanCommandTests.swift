import Foundation
import JSON
import TestSupport
import Testing

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
    ["plan", "--rate", "1", "--source", "sqs"], ["plan", "--rate", "1", "--days", "456"],
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

  @Test func cloudWatchIsReadAndItsFunctionIsNamedInTheCommands() throws {
    let minute = 1_699_999_980
    let server = try ScriptedServer([
      .init(
        200,
        body: """
          {"MetricDataResults":[
          {"Id":"invocations","Timestamps":[\(minute - 120)],"Values":[40.0],"StatusCode":"Complete"},
          {"Id":"duration","Timestamps":[\(minute - 120)],"Values":[80.0],"StatusCode":"Complete"}]}
          """), .init(200, body: #"{"Datapoints":[]}"#), .init(200, body: #"{"Datapoints":[]}"#),
    ])
    let run = CommandRun(
      ["plan", "--from-cloudwatch", "photos", "--days", "1"], url: server.baseURL,
      clock: .init(
        unixMilliseconds: { 1_700_000_000_000 }, monotonicMilliseconds: { 0 }, sleep: { _ in }))
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("CloudWatch counted 40 invocations of photos in 2 bins of 1 min"))
    #expect(run.output.contains("--function-name photos"))
  }
}
