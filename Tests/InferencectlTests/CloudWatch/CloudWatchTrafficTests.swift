import AWSControl
import CapacityPlanner
@testable import inferencectl
import JSON
import OperationsSupport
import TestSupport
import Testing

@Suite struct CloudWatchTrafficTests {
  /// 2023-11-14T22:13:20Z; the last whole minute is 22:13.
  private static let now: Int64 = 1_700_000_000
  private static let minute: Int64 = 1_699_999_980

  private static func page(_ results: String, next: String? = nil) -> ScriptedServer.Answer {
    .init(
      200,
      body: "{\"MetricDataResults\":[\(results)]\(next.map { ",\"NextToken\":\"\($0)\"" } ?? "")}")
  }

  private static func series(_ id: String, _ points: [(minutesAgo: Int64, value: Double)]) -> String
  {
    let times = points.map { "\(minute - $0.minutesAgo * 60)" }.joined(separator: ",")
    let values = points.map { "\($0.value)" }.joined(separator: ",")
    return
      "{\"Id\":\"\(id)\",\"Timestamps\":[\(times)],\"Values\":[\(values)],\"StatusCode\":\"Complete\"}"
  }

  private static let noPoints = ScriptedServer.Answer(
    200, body: #"{"Label":"Duration","Datapoints":[]}"#)

  private static func read(
    _ answers: [ScriptedServer.Answer], days: Int = 1, name: String = "f"
  ) throws -> (CloudWatchTraffic, ControlFixture) {
    let fixture = try ControlFixture(answers)
    let traffic = try CloudWatchTraffic.read(
      functionName: name, days: days, unixSeconds: now, with: fixture.client)
    return (traffic, fixture)
  }

  @Test func pagesArePutTogetherAndMinutesWithoutAPointAreEmpty() throws {
    let (read, fixture) = try Self.read([
      Self.page(Self.series("invocations", [(10, 5)]), next: "more"),
      Self.page(
        Self.series("invocations", [(8, 7)]) + "," + Self.series("duration", [(10, 100), (8, 300)])
          + "," + Self.series("concurrency", [(8, 3)])),
      Self.noPoints, Self.noPoints,
    ])
    #expect(read.traffic.expectedArrivals == 12)
    #expect(read.traffic.duration == .seconds(600))
    #expect(read.traffic.startUnixSeconds == Double(Self.minute - 600))
    #expect(
      read.traffic.ratesPerSecond(binWidth: .seconds(60)).map { ($0 * 60).rounded() }
        == [5, 0, 7, 0, 0, 0, 0, 0, 0, 0])
    #expect(read.peakConcurrency == 3)
    #expect(fixture.requests.count == 4)
    #expect(try JSONValue(parsing: fixture.requests[1].body)["NextToken"] == "more")
  }

  @Test func meansStandForPercentilesThatAreMissingAndItIsSaid() throws {
    let (read, _) = try Self.read([
      Self.page(
        Self.series("invocations", [(2, 30), (1, 10)]) + ","
          + Self.series("duration", [(2, 100), (1, 300)])),
      Self.noPoints, Self.noPoints,
    ])
    #expect(abs(read.duration.meanSeconds - 0.15) < 0.001)
    #expect(read.notices.contains { $0.hasPrefix("CloudWatch gave no percentiles") })
  }

  @Test func percentilesOfADayBecomeItsDistribution() throws {
    let day = Self.minute - 86_400
    func answer(_ percentiles: String) -> ScriptedServer.Answer {
      .init(
        200,
        body: "{\"Datapoints\":[{\"Timestamp\":\(day),\"ExtendedStatistics\":{\(percentiles)}}]}")
    }
    let (read, fixture) = try Self.read([
      Self.page(Self.series("invocations", [(2, 1000)])),
      answer(
        #""p5":10,"p15":10,"p25":10,"p35":10,"p45":10,"p55":10,"p65":10,"p75":10,"p85":10,"p94":40"#
      ),
      answer(#""p99":90,"p99.9":500"#),
    ])
    guard case .samples(let samples) = read.duration else {
      Issue.record("no samples")
      return
    }
    let sorted = samples.sorted()
    #expect(sorted.count == 10_000)
    #expect(sorted[8999] == .milliseconds(10))
    #expect(sorted[9000] == .milliseconds(40))
    #expect(sorted[9899] == .milliseconds(90))
    #expect(sorted[9999] == .milliseconds(500))
    #expect(
      try JSONValue(parsing: fixture.requests[1].body)["ExtendedStatistics"]?.arrayValue?.count
        == 10)
  }

  @Test(arguments: [(14, 60), (15, 300), (62, 300), (63, 3600), (455, 3600)])
  func thePeriodIsTheShortestThatCloudWatchStillKeeps(days: Int, period: Int) throws {
    let (_, fixture) = try Self.read(
      [
        Self.page(
          Self.series("invocations", [(2, 1)]) + "," + Self.series("duration", [(2, 100)])),
        Self.noPoints, Self.noPoints,
      ], days: days)
    let body = try JSONValue(parsing: fixture.requests[0].body)
    let statistics = body["MetricDataQueries"]?[0]?["MetricStat"]
    #expect(statistics?["Period"] == .number(JSONNumber(Int64(period))))
    let (start, end) = try (
      #require(body["StartTime"]?.doubleValue), #require(body["EndTime"]?.doubleValue)
    )
    #expect(end - start == Double(days) * 86_400)
    #expect(end.truncatingRemainder(dividingBy: Double(period)) == 0)
  }

  @Test func anARNIsReadByTheFunctionsName() throws {
    let (_, fixture) = try Self.read(
      [
        Self.page(
          Self.series("invocations", [(2, 1)]) + "," + Self.series("duration", [(2, 100)])),
        Self.noPoints, Self.noPoints,
      ], name: "arn:aws:lambda:us-east-1:123456789012:function:photos:live")
    let metric = try JSONValue(parsing: fixture.requests[0].body)["MetricDataQueries"]?[0]?[
      "MetricStat"]?["Metric"]
    #expect(metric?["Dimensions"]?[0]?["Value"] == "photos")
  }

  @Test func aFunctionThatNobodyCalledIsRefused() {
    #expect(throws: Refusal.self) { try Self.read([Self.page(Self.series("invocations", []))]) }
  }
}
